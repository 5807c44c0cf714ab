-- about: Tenant and owner both have to match.
-- settings: app.tenant_id, app.current_user_id
-- user: app.tenant_id=red, app.current_user_id=alice
-- user: app.tenant_id=blue, app.current_user_id=bob
-- rows: INSERT INTO note VALUES (1, 'red', 'alice'), (2, 'blue', 'bob'), (3, 'red', 'bob'), (4, 'blue', 'alice')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: app.tenant_id=red, 0 rows: SELECT FROM note
-- demonstrate: app.current_user_id=bob, 0 rows: SELECT FROM note
-- demonstrate: B, error 42501: UPDATE note SET tenant = 'red'

CREATE TABLE note (id bigint PRIMARY KEY, tenant text NOT NULL, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (tenant = (SELECT NULLIF(current_setting('app.tenant_id', true), '')) AND owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
