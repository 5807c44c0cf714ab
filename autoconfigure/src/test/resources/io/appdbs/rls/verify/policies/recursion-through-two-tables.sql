-- about: Two policies read the table of the other.
-- settings: app.current_user_id
-- rows: INSERT INTO project VALUES (1, 'alice')
-- rows: INSERT INTO member VALUES ('bob', 1)
-- expect: ERROR policy-raises table public.project
-- demonstrate: B, error 42P17: SELECT FROM project
-- expect: ERROR policy-raises table public.member
-- demonstrate: B, error 42P17: SELECT FROM member
-- tolerate: policy-never-true, policy-unproved table public.project
-- tolerate: policy-never-true, policy-unproved table public.member

CREATE TABLE project (id bigint PRIMARY KEY, owner text NOT NULL);
CREATE TABLE member (person text NOT NULL, project bigint NOT NULL);
ALTER TABLE project ENABLE ROW LEVEL SECURITY;
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_member ON project FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR id IN (SELECT project FROM member WHERE person = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
CREATE POLICY of_owner ON member FOR SELECT USING (person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR project IN (SELECT id FROM project WHERE owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON project, member TO app;
