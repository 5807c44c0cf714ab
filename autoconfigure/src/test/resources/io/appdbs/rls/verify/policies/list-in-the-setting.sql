-- about: The setting is a list of tenants.
-- settings: app.tenants
-- user: red
-- user: green,blue
-- rows: INSERT INTO note VALUES (1, 'red'), (2, 'blue')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_tenants ON note USING (tenant = ANY ((SELECT string_to_array(current_setting('app.tenants', true), ','))::text[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
