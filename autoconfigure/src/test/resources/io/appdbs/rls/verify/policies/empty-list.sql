-- about: An empty list is contained in each list.
-- settings: app.tenants
-- user: red
-- user: green,blue
-- rows: INSERT INTO note VALUES (1, '{red}'), (2, '{green,blue,red}')
-- expect: ERROR policy-visible-without-user table public.note
-- why: Without tenants, string_to_array returns an empty array.
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, tenants text[] NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_tenants ON note FOR SELECT USING ((SELECT string_to_array(current_setting('app.tenants', true), ',')) <@ tenants);
GRANT SELECT ON note TO app;
