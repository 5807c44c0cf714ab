-- about: Owner in a permissive policy, tenant in a restrictive one.
-- settings: app.tenant_id, app.current_user_id
-- user: app.tenant_id=red, app.current_user_id=alice
-- user: app.tenant_id=blue, app.current_user_id=bob
-- rows: INSERT INTO note VALUES (1, 'red', 'alice'), (2, 'blue', 'bob'), (3, 'red', 'bob')
-- expect: none
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: app.current_user_id=bob, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, tenant text NOT NULL, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY of_tenant ON note AS RESTRICTIVE USING (tenant = (SELECT NULLIF(current_setting('app.tenant_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
