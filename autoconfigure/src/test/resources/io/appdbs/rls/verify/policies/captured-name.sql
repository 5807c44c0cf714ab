-- about: An unqualified name in a sub-select means the column of the inner table.
-- settings: app.current_user_id
-- rows: INSERT INTO member VALUES ('alice', 1), ('bob', 2)
-- rows: INSERT INTO task VALUES (1, 1), (2, 2)
-- expect: ERROR policy-visible-to-stranger table public.task
-- why: 'team' is m.team, so that m.team = m.team: a member of any team sees the tasks of all teams.
-- demonstrate: B, 1 row: SELECT FROM task WHERE team = 1
-- demonstrate: nobody, 0 rows: SELECT FROM task

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON member FOR SELECT USING (person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE TABLE task (id bigint PRIMARY KEY, team bigint NOT NULL);
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_team ON task FOR SELECT USING (EXISTS (SELECT 1 FROM member m WHERE m.team = team AND m.person = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON member, task TO app;
