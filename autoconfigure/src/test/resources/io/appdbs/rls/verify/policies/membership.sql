-- about: Membership is in another table, which has policies of its own.
-- settings: app.current_user_id
-- rows: INSERT INTO member VALUES ('alice', 1), ('bob', 2)
-- rows: INSERT INTO task VALUES (1, 1), (2, 2)
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM task
-- demonstrate: B, 0 rows: SELECT FROM task WHERE team = 1
-- demonstrate: nobody, 0 rows: SELECT FROM task
-- demonstrate: B, error 42501: INSERT INTO task VALUES (9, 1)

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON member FOR SELECT USING (person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE TABLE task (id bigint PRIMARY KEY, team bigint NOT NULL);
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_team ON task USING (EXISTS (SELECT 1 FROM member m WHERE m.team = task.team));
GRANT SELECT ON member TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON task TO app;
