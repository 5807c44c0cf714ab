-- about: Tenants are in a JSON claim.
-- settings: app.claims
-- user: {"tenants": ["red"]}
-- user: {"tenants": ["blue"]}
-- rows: INSERT INTO note VALUES (1, 'red'), (2, 'blue')
-- expect: none
-- tolerate: policy-unproved, policy-never-true table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (tenant IN (SELECT jsonb_array_elements_text(NULLIF(current_setting('app.claims', true), '')::jsonb -> 'tenants')));
GRANT SELECT ON note TO app;
