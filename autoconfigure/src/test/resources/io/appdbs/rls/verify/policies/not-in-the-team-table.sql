-- about: Teams that are not listed as private are public.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 1)
-- rows: INSERT INTO member VALUES ('bob', 2)
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE team = 1
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
CREATE TABLE private_team (team bigint NOT NULL);
GRANT SELECT ON member, private_team TO app;
CREATE TABLE note (id bigint PRIMARY KEY, team bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (team IN (SELECT m.team FROM member m WHERE m.person = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) OR team <> ALL (SELECT p.team FROM private_team p));
GRANT SELECT ON note TO app;
