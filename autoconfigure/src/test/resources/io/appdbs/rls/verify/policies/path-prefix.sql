-- about: A prefix that ends with a separator belongs to one user.
-- settings: app.current_user_id
-- user: bobby
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'bobby/1'), (2, 'bob/1')
-- expect: none
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- tolerate: policy-never-true table public.note
-- why: A row of the user is only found with the separator.

CREATE TABLE note (id bigint PRIMARY KEY, path text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (starts_with(path, (SELECT NULLIF(current_setting('app.current_user_id', true), '')) || '/'));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
