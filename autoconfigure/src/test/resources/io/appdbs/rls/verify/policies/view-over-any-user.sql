-- about: The policy for the owner of a view only asks whether there is a user.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR view-visible-to-stranger view public.all_notes
-- demonstrate: B, 1 row: SELECT FROM all_notes WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM all_notes
-- tolerate: view-bypasses-policies view public.all_notes

RESET ROLE;
DO $$ BEGIN CREATE ROLE reporter; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT CREATE ON SCHEMA public TO reporter;
SET ROLE keeper;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note TO app USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY known ON note FOR SELECT TO reporter USING ((SELECT NULLIF(current_setting('app.current_user_id', true), '')) IS NOT NULL);
GRANT SELECT ON note TO app, reporter;
RESET ROLE;
SET ROLE reporter;
CREATE VIEW all_notes AS SELECT id, owner FROM note;
GRANT SELECT ON all_notes TO app;
