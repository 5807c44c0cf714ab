-- about: Rows with a slug and without a password are public.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', NULL, 'x')
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, password text, slug text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR (password IS NULL AND slug IS NOT NULL));
GRANT SELECT ON note TO app;
