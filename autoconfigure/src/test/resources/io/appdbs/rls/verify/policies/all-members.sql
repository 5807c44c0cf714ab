-- about: Documents all of whose readers are in the own team, of two tables.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', 1), (2, 'bob', 1)
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL, banned boolean NOT NULL);
GRANT SELECT ON member TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, team bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND NOT EXISTS (SELECT 1 FROM member m WHERE m.team = note.team AND m.person <> note.owner AND m.banned));
GRANT SELECT ON note TO app;
