-- about: The owner is a key of a JSON column.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, '{"owner": "alice"}'), (2, '{"owner": "bob"}')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE data ->> 'owner' = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, data jsonb NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (data ->> 'owner' = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
