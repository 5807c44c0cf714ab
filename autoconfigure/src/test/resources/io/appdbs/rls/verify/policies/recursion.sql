-- about: A policy reads its own table.
-- settings: app.current_user_id
-- rows: INSERT INTO member VALUES ('alice', 1), ('bob', 2)
-- expect: ERROR policy-raises table public.member
-- demonstrate: B, error 42P17: SELECT FROM member
-- tolerate: policy-never-true, policy-unproved table public.member

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_team ON member FOR SELECT USING (team IN (SELECT m.team FROM member m WHERE m.person = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON member TO app;
