-- about: AWS SaaS factory: a tenant per transaction, read without true and without NULLIF.
-- source: https://github.com/aws-samples/aws-saas-factory-postgresql-rls
-- licence: MIT-0 (modelled on it and reduced)
-- settings: app.current_tenant
-- rows: INSERT INTO tenant VALUES ('00000000-0000-4000-8000-00000000000a', 'red'), ('00000000-0000-4000-8000-00000000000b', 'blue')
-- rows: INSERT INTO tenant_user (tenant_id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.org'), ('00000000-0000-4000-8000-00000000000b', 'b@example.org')
-- expect: WARN policy-raises table public.tenant
-- why: Closed: without tenant there is an error, 42704 where the setting was never set, 22P02 where it is empty.
-- demonstrate: unset, error 42704: SELECT FROM tenant
-- demonstrate: nobody, error 22P02: SELECT FROM tenant
-- demonstrate: app.current_tenant=00000000-0000-4000-8000-00000000000b, 1 row: SELECT FROM tenant
-- demonstrate: app.current_tenant=00000000-0000-4000-8000-00000000000b, error 42501: UPDATE tenant SET tenant_id = '00000000-0000-4000-8000-00000000000a'
-- expect: WARN policy-raises table public.tenant_user
-- demonstrate: nobody, error 22P02: SELECT FROM tenant_user
-- demonstrate: app.current_tenant=00000000-0000-4000-8000-00000000000b, 0 rows: SELECT FROM tenant_user WHERE tenant_id = '00000000-0000-4000-8000-00000000000a'
-- expect: INFO policy-evaluated-per-row table public.tenant
-- expect: INFO policy-evaluated-per-row table public.tenant_user

CREATE TABLE tenant (
	tenant_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	name varchar(255) UNIQUE,
	status varchar(64) CHECK (status IN ('Active', 'Suspended')),
	tier varchar(64) CHECK (tier IN ('Gold', 'Silver', 'Bronze'))
);
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON tenant USING (tenant_id = current_setting('app.current_tenant')::uuid);
CREATE TABLE tenant_user (
	user_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	tenant_id uuid NOT NULL REFERENCES tenant ON DELETE RESTRICT,
	email varchar(255) NOT NULL UNIQUE
);
ALTER TABLE tenant_user ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_user_isolation ON tenant_user USING (tenant_id = current_setting('app.current_tenant')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app;
