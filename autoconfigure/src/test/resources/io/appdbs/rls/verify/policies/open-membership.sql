-- about: The policy trusts a table whose own policy shows all rows.
-- settings: app.current_user_id
-- rows: INSERT INTO membership VALUES ('alice', 1)
-- rows: INSERT INTO note VALUES (1, 1), (2, 2)
-- expect: ERROR policy-visible-without-user table public.membership
-- demonstrate: nobody, 1 row: SELECT FROM membership
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: nobody, 1 row: SELECT FROM note
-- tolerate: policy-visible-to-stranger table public.note
-- tolerate: policy-visible-to-stranger table public.membership

CREATE TABLE membership (person text NOT NULL, tenant bigint NOT NULL);
ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON membership FOR SELECT USING (true);
CREATE TABLE note (id bigint PRIMARY KEY, tenant bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON note FOR SELECT USING (tenant IN (SELECT tenant FROM membership));
GRANT SELECT ON note, membership TO app;
