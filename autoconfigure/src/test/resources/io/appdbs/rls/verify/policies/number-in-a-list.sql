-- about: Tenants 0 and 7 are shared, in a list of numbers.
-- settings: app.current_user_id
-- user: 1
-- user: 2
-- rows: INSERT INTO note VALUES (1, 0), (2, 7), (3, 2)
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 2 rows: SELECT FROM note WHERE tenant <> 2
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, tenant bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (tenant = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))::bigint OR tenant IN (0, 7));
GRANT SELECT ON note TO app;
