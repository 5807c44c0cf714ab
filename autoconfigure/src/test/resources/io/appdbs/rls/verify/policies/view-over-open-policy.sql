-- about: A policy that shows everything to the owner of a view shows it to all who read the view.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR view-visible-without-user | ERROR view-bypasses-policies view public.all_notes
-- demonstrate: nobody, 2 rows: SELECT FROM all_notes
-- demonstrate: B, 1 row: SELECT FROM all_notes WHERE owner = 'alice'
-- tolerate: view-visible-to-stranger, view-bypasses-policies view public.all_notes

RESET ROLE;
DO $$ BEGIN CREATE ROLE reporter; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT CREATE ON SCHEMA public TO reporter;
SET ROLE keeper;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note TO app USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY all_rows ON note FOR SELECT TO reporter USING (true);
GRANT SELECT ON note TO app, reporter;
RESET ROLE;
SET ROLE reporter;
CREATE VIEW all_notes AS SELECT id, owner FROM note;
GRANT SELECT ON all_notes TO app;
