-- about: A row comparison with two settings.
-- settings: app.current_user_id, app.tenant_id
-- user: app.current_user_id=alice, app.tenant_id=1
-- user: app.current_user_id=bob, app.tenant_id=1
-- rows: INSERT INTO note VALUES (1, 1, 'alice'), (2, 1, 'bob'), (3, 2, 'bob')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, tenant bigint NOT NULL, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING ((tenant, owner) = ((SELECT NULLIF(current_setting('app.tenant_id', true), '')::bigint), (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON note TO app;
