-- about: A view reads with the rights of the role that reads it.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM my_note
-- demonstrate: B, 0 rows: SELECT FROM my_note WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM my_note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE VIEW my_note WITH (security_invoker = true) AS SELECT id, owner, body FROM note;
GRANT SELECT ON note, my_note TO app;
