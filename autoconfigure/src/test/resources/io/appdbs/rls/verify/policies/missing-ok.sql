-- about: Without true as the second argument, a setting that was never set raises an error.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: WARN policy-raises table public.note
-- why: Closed: nothing is visible without user.
-- demonstrate: unset, error 42704: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id'), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
