-- about: Two of five flags make a row public.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', true, true, false, false, false)
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, published boolean NOT NULL, approved boolean NOT NULL, deleted boolean NOT NULL, hidden boolean NOT NULL, banned boolean NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR (published AND approved AND NOT deleted AND NOT hidden AND NOT banned));
GRANT SELECT ON note TO app;
