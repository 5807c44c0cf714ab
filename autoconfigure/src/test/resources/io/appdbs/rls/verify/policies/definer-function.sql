-- about: A policy asks a SECURITY DEFINER function without arguments.
-- settings: app.current_user_id
-- rows: INSERT INTO member VALUES ('alice', 1), ('bob', 2)
-- rows: INSERT INTO task VALUES (1, 1), (2, 2)
-- expect: WARN routine-bypasses-policies routine public.my_teams()
-- why: It can be called without the policy.
-- demonstrate: B, 1 row: SELECT FROM my_teams()
-- expect: WARN policy-unproved | INFO policy-assumes-function table public.task
-- why: The function decides; the rows are right as long as it is.
-- demonstrate: B, 1 row: SELECT FROM task
-- demonstrate: nobody, 0 rows: SELECT FROM task

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION my_teams() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
	$$ SELECT team FROM member WHERE person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) $$;
CREATE TABLE task (id bigint PRIMARY KEY, team bigint NOT NULL);
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_team ON task FOR SELECT USING (team IN (SELECT my_teams()));
GRANT SELECT ON task TO app;
