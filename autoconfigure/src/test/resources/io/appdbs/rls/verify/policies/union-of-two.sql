-- about: Own rows and shared ones by UNION.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO owned VALUES (1, 'alice')
-- rows: INSERT INTO shared VALUES (1, 'bob')
-- rows: INSERT INTO note VALUES (1, 'alice')
-- expect: none
-- tolerate: table-not-secured *
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE owned (n bigint NOT NULL, person text NOT NULL);
CREATE TABLE shared (n bigint NOT NULL, person text NOT NULL);
GRANT SELECT ON owned, shared TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (id IN (SELECT n FROM owned WHERE person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) UNION SELECT n FROM shared WHERE person = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON note TO app;
