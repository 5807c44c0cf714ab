-- about: Without tenant all rows are visible.
-- settings: app.tenant_id
-- rows: INSERT INTO note VALUES (1, 'alice'), (2, 'bob')
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: unset, 2 rows: SELECT FROM note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (tenant = COALESCE((SELECT NULLIF(current_setting('app.tenant_id', true), '')), tenant));
GRANT SELECT ON note TO app;
