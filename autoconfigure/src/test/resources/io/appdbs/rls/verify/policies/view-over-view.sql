-- about: A view of a view that reads with the rights of the owner of the table.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR view-bypasses-policies view public.some_notes
-- demonstrate: nobody, 2 rows: SELECT FROM some_notes

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE VIEW all_notes AS SELECT id, owner FROM note;
CREATE VIEW some_notes AS SELECT id FROM all_notes;
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
GRANT SELECT ON some_notes TO app;
