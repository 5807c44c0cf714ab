-- about: Two conditions exclude each other.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'live'), (2, 'bob', 'live'), (3, 'bob', 'done')
-- expect: WARN policy-never-true table public.note
-- demonstrate: B, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, status text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND status = 'live');
CREATE POLICY finished ON note AS RESTRICTIVE FOR SELECT USING (status = 'done');
GRANT SELECT ON note TO app;
