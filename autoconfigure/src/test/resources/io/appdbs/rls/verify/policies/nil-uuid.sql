-- about: Rows of the nil UUID are shared.
-- settings: app.current_user_id
-- user: 00000000-0000-4000-8000-000000000001
-- user: 00000000-0000-4000-8000-000000000002
-- rows: INSERT INTO note VALUES (1, '00000000-0000-0000-0000-000000000000'), (2, '00000000-0000-4000-8000-000000000002')
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE tenant = '00000000-0000-0000-0000-000000000000'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, tenant uuid NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (tenant = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))::uuid OR tenant = '00000000-0000-0000-0000-000000000000');
GRANT SELECT ON note TO app;
