-- about: Settings of one table are compared with numbers, of another with text.
-- settings: app.current_user_id, app.tenant_id
-- user: app.current_user_id=alice, app.tenant_id=1
-- user: app.current_user_id=bob, app.tenant_id=2
-- rows: INSERT INTO note VALUES (1, 1, 'alice'), (2, 2, 'bob')
-- rows: INSERT INTO task VALUES (1, 'bob')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM task

CREATE TABLE note (id bigint PRIMARY KEY, tenant bigint NOT NULL, owner varchar(20) NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (tenant = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::bigint) AND owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE TABLE task (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON task USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note, task TO app;
