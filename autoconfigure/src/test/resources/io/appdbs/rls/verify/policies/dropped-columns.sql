-- about: A table with dropped columns and a whole row function.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note (id, owner) VALUES (1, 'alice'), (2, 'bob')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (gone text, id bigint PRIMARY KEY, gone2 integer, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
ALTER TABLE note DROP COLUMN gone, DROP COLUMN gone2;
GRANT SELECT ON note TO app;
