-- about: A restrictive policy for DELETE alone.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', true), (2, 'bob', false)
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, locked boolean NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY unlocked ON note AS RESTRICTIVE FOR DELETE USING (NOT locked);
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
