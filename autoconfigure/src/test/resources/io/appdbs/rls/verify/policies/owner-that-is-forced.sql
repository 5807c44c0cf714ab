-- about: The login owns the table and is bound nevertheless.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- demonstrate: B, 1 row: UPDATE note SET body = 'x'
-- demonstrate: B, error 42501: UPDATE note SET owner = 'alice'
-- demonstrate: B, error 42501: INSERT INTO note VALUES (9, 'alice', 'x')
-- demonstrate: nobody, 0 rows: DELETE FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note FORCE ROW LEVEL SECURITY, ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
RESET ROLE;
ALTER TABLE note OWNER TO app;
REVOKE TRUNCATE ON note FROM app;
