-- about: A table of the same name in another schema decides.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice')
-- rows: INSERT INTO vault.note VALUES (1)
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO app;
CREATE TABLE vault.note (id bigint NOT NULL);
GRANT SELECT ON vault.note TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR EXISTS (SELECT 1 FROM vault.note n WHERE n.id = note.id));
GRANT SELECT ON note TO app;
