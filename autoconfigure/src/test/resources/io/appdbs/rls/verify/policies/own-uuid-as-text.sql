-- about: The column is cast to text.
-- settings: app.current_user_id
-- user: 00000000-0000-4000-8000-000000000001
-- user: 00000000-0000-4000-8000-000000000002
-- rows: INSERT INTO note VALUES (1, '00000000-0000-4000-8000-000000000001', 'hers'), (2, '00000000-0000-4000-8000-000000000002', 'his')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = '00000000-0000-4000-8000-000000000001'
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: B, error 42501: UPDATE note SET owner = '00000000-0000-4000-8000-000000000001'

CREATE TABLE note (id bigint PRIMARY KEY, owner uuid NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner::text = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
