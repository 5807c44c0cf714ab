-- about: A policy asks a SECURITY DEFINER function about its row.
-- settings: app.current_user_id
-- rows: INSERT INTO member VALUES ('alice', 1), ('bob', 2)
-- rows: INSERT INTO task VALUES (1, 1), (2, 2)
-- expect: WARN routine-bypasses-policies routine public.is_member(bigint)
-- expect: WARN policy-unproved table public.task
-- demonstrate: B, 1 row: SELECT FROM task
-- demonstrate: nobody, 0 rows: SELECT FROM task

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION is_member(asked bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
	$$ SELECT EXISTS (SELECT 1 FROM member WHERE team = asked AND person = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) $$;
CREATE TABLE task (id bigint PRIMARY KEY, team bigint NOT NULL);
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_team ON task FOR SELECT USING (is_member(team));
GRANT SELECT ON task TO app;
