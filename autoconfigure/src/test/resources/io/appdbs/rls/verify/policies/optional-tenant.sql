-- about: A user without tenant sees the rows of all tenants.
-- settings: app.current_user_id, app.tenant_id
-- user: app.current_user_id=alice, app.tenant_id=red
-- user: app.current_user_id=bob, app.tenant_id=blue
-- rows: INSERT INTO note VALUES (1, 'red'), (2, 'blue')
-- expect: ERROR policy-visible-without-user | ERROR policy-visible-to-stranger table public.note
-- why: Neither without user nor with both settings, but with the user alone.
-- demonstrate: app.current_user_id=bob, 2 rows: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON note FOR SELECT USING ((SELECT NULLIF(current_setting('app.current_user_id', true), '')) IS NOT NULL AND ((SELECT NULLIF(current_setting('app.tenant_id', true), '')) IS NULL OR tenant = (SELECT NULLIF(current_setting('app.tenant_id', true), ''))));
GRANT SELECT ON note TO app;
