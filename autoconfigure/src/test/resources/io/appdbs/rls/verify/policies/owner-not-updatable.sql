-- about: The new row is not checked, but no column that decides may be updated.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- demonstrate: B, error 42501: UPDATE note SET owner = 'alice'
-- demonstrate: B, 1 row: UPDATE note SET body = 'x'

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY changed ON note FOR UPDATE USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) WITH CHECK (true);
GRANT SELECT, UPDATE (body) ON note TO app;
