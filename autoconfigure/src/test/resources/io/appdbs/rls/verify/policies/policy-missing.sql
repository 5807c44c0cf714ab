-- about: Commands are granted for which there is no policy.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: WARN policy-missing table public.note
-- why: Closed: they affect no row.
-- demonstrate: B, 0 rows: DELETE FROM note
-- demonstrate: B, error 42501: INSERT INTO note VALUES (9, 'bob', 'x')

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
