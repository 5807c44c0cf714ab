-- about: NULL and no user are the same after concatenation.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, NULL)
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: nobody, 1 row: SELECT FROM note WHERE owner IS NULL
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (concat(owner) = concat((SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON note TO app;
