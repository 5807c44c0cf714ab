-- about: An array of two columns contains the user.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', 'bob'), (2, 'alice', NULL)
-- expect: none
-- demonstrate: A, 2 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, one text NOT NULL, two text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (ARRAY[one, two] @> ARRAY[(SELECT NULLIF(current_setting('app.current_user_id', true), ''))]);
GRANT SELECT ON note TO app;
