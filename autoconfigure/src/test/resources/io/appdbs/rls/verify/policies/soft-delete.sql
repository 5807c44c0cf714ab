-- about: Own rows that are not deleted, with a second policy for restoring.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice'), (2, 'bob')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, deleted_at timestamptz);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND deleted_at IS NULL);
CREATE POLICY restored ON note FOR UPDATE USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) WITH CHECK (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, UPDATE ON note TO app;
