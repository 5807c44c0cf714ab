-- about: The flag that makes a row readable also lets everybody delete it.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', true), (2, 'alice', false), (3, 'bob', false)
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.note
-- demonstrate: nobody, 1 row: SELECT FROM note
-- expect: ERROR policy-writable-without-user | WARN policy-writable-without-user | ERROR policy-writable-for-stranger | WARN policy-writable-for-stranger table public.note
-- why: A policy FOR ALL with the condition of reading; only rows where is_public.
-- demonstrate: nobody, 1 row: DELETE FROM note
-- demonstrate: B, 1 row: DELETE FROM note WHERE owner = 'alice'
-- demonstrate: B, 1 row: UPDATE note SET owner = 'bob' WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-without-user, policy-writable-for-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_public ON note USING (is_public OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) WITH CHECK (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
