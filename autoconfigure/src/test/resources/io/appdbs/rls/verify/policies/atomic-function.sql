-- about: A function with a body of SQL reads a table.
-- settings: app.current_user_id
-- rows: INSERT INTO member VALUES ('bob', 1)
-- rows: INSERT INTO note VALUES (1, 1), (2, 2)
-- expect: WARN policy-unproved table public.note
-- demonstrate: B, 1 row: SELECT FROM note
-- tolerate: table-not-secured table public.member

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
GRANT SELECT ON member TO app;
CREATE FUNCTION is_member(asked bigint) RETURNS boolean LANGUAGE sql STABLE RETURN EXISTS (SELECT FROM member WHERE team = asked AND person = NULLIF(current_setting('app.current_user_id', true), ''));
CREATE TABLE note (id bigint PRIMARY KEY, team bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_team ON note FOR SELECT USING (is_member(team));
GRANT SELECT ON note TO app;
