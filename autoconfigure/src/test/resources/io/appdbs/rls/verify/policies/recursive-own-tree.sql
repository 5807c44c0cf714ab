-- about: Folders below own folders, by a recursive query.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO folder VALUES (1, NULL, 'alice'), (2, 1, 'x'), (3, NULL, 'bob')
-- rows: INSERT INTO note VALUES (1, 2), (2, 3)
-- expect: none
-- tolerate: table-not-secured *
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE folder (id bigint PRIMARY KEY, parent bigint, owner text NOT NULL);
GRANT SELECT ON folder TO app;
CREATE TABLE note (id bigint PRIMARY KEY, folder bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (folder IN (WITH RECURSIVE tree(id) AS (SELECT f.id FROM folder f WHERE f.owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) UNION SELECT f.id FROM folder f JOIN tree t ON f.parent = t.id) SELECT id FROM tree));
GRANT SELECT ON note TO app;
