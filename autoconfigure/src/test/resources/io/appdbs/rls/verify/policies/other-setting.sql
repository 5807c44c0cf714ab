-- about: The policy reads a setting that is not one of the configured ones.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: WARN policy-reads-other-setting table public.note
-- demonstrate: B, 0 rows: SELECT FROM note
-- tolerate: policy-never-true table public.note
-- why: With the configured settings alone nobody sees a row.

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.user_id', true), '')));
GRANT SELECT ON note TO app;
