-- about: Own rows and answers to them, by a view of ids.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO root VALUES (1, 'bob')
-- rows: INSERT INTO note VALUES (2, 'alice', 1), (3, 'alice', NULL)
-- expect: none
-- tolerate: table-not-secured *
-- demonstrate: A, 2 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE root (id bigint PRIMARY KEY, owner text NOT NULL);
GRANT SELECT ON root TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, parent bigint);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR parent IN (SELECT r.id FROM root r WHERE r.owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON note TO app;
