-- about: The own path and what is below it.
-- settings: app.current_user_id
-- user: bobby
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'bobby'), (2, 'bob/1'), (3, 'bob')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 2 rows: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, path text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (path = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR starts_with(path, (SELECT NULLIF(current_setting('app.current_user_id', true), '')) || '/'));
GRANT SELECT ON note TO app;
