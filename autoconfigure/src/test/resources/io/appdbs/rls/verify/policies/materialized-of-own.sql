-- about: Own rows are listed in a secured table that is a lookup by self-join.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO member VALUES ('alice', 1), ('bob', 2)
-- rows: INSERT INTO note VALUES (1, 'alice'), (2, 'bob')
-- expect: none
-- tolerate: table-not-secured *
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
GRANT SELECT ON member TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (EXISTS (SELECT 1 FROM member a JOIN member b ON a.team = b.team WHERE a.person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND b.person = note.owner));
GRANT SELECT ON note TO app;
