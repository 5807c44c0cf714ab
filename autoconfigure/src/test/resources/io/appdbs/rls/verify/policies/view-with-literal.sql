-- about: A view over a policy with a list of shared owners.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'shared')
-- expect: WARN view-visible-without-user | ERROR view-visible-without-user | WARN view-visible-to-stranger | ERROR view-visible-to-stranger view public.notes
-- demonstrate: B, 1 row: SELECT FROM notes
-- tolerate: view-visible-without-user, view-visible-to-stranger view public.notes

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
ALTER TABLE note FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR owner = ANY ('{shared,public}'));
CREATE VIEW notes AS SELECT * FROM note;
GRANT SELECT ON notes TO app;
