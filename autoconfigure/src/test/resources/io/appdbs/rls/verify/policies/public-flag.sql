-- about: Rows with a flag are for everybody.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', true), (2, 'alice', false), (3, 'bob', false)
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.note
-- why: Likely intended: only rows where is_public.
-- demonstrate: nobody, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY published ON note FOR SELECT USING (is_public);
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
