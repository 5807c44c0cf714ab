-- about: A view filters by itself what its owner sees; the table is not granted.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM my_note
-- demonstrate: B, 0 rows: SELECT FROM my_note WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM my_note

RESET ROLE;
DO $$ BEGIN CREATE ROLE reporter; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT CREATE ON SCHEMA public TO reporter;
SET ROLE keeper;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON note FOR SELECT TO reporter USING (true);
GRANT SELECT ON note TO reporter;
RESET ROLE;
SET ROLE reporter;
CREATE VIEW my_note WITH (security_barrier = true) AS SELECT id, owner FROM note WHERE owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''));
GRANT SELECT ON my_note TO app;
