-- about: A comment is visible with its task, a task with its team.
-- settings: app.current_user_id
-- rows: INSERT INTO member VALUES ('alice', 1), ('bob', 2)
-- rows: INSERT INTO task VALUES (1, 1)
-- rows: INSERT INTO comment VALUES (1, 1)
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM comment
-- demonstrate: B, 0 rows: SELECT FROM comment
-- demonstrate: nobody, 0 rows: SELECT FROM comment

CREATE TABLE member (person text NOT NULL, team bigint NOT NULL);
CREATE TABLE task (id bigint PRIMARY KEY, team bigint NOT NULL);
CREATE TABLE comment (id bigint PRIMARY KEY, task bigint NOT NULL);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
ALTER TABLE comment ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON member FOR SELECT USING (person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY of_team ON task FOR SELECT USING (team IN (SELECT team FROM member));
CREATE POLICY of_task ON comment FOR SELECT USING (EXISTS (SELECT FROM task WHERE task.id = comment.task));
GRANT SELECT ON member, task, comment TO app;
