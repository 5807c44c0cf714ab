-- about: The policy is for a role that the login is a member of.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- tolerate: policy-visible-to-stranger table public.note

RESET ROLE;
DO $$ BEGIN CREATE ROLE support; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT support TO app;
SET ROLE keeper;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY all_rows ON note FOR SELECT TO support USING (true);
GRANT SELECT ON note TO support;
GRANT INSERT, UPDATE, DELETE ON note TO app;
