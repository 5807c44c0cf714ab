-- about: The setting is cast to a number.
-- settings: app.current_user_id
-- user: 1
-- user: 2
-- rows: INSERT INTO note VALUES (1, 1, 'hers'), (2, 2, 'his')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 1
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: B, error 42501: UPDATE note SET owner = 1

CREATE TABLE note (id bigint PRIMARY KEY, owner bigint NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
