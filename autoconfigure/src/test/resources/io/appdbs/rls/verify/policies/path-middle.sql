-- about: The user is a part in the middle of a path.
-- settings: app.current_user_id
-- user: bobby
-- user: bob
-- rows: INSERT INTO note VALUES (1, '/bobby/1'), (2, '/bob/1')
-- expect: none
-- tolerate: policy-never-true table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, path text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (path LIKE '%/' || (SELECT NULLIF(current_setting('app.current_user_id', true), '')) || '/%');
GRANT SELECT ON note TO app;
