-- about: A field of a composite makes rows public.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', ROW('all', 1))
-- expect: WARN policy-unproved table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'

CREATE TYPE sharing AS (mode text, level integer);
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, share sharing NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR (share).mode = 'all');
GRANT SELECT ON note TO app;
