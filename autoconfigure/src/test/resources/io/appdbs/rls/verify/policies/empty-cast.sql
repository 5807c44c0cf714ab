-- about: Without NULLIF, the cast of an empty setting raises an error.
-- settings: app.current_user_id
-- user: 1
-- user: 2
-- rows: INSERT INTO note VALUES (1, 1), (2, 2)
-- expect: WARN policy-raises table public.note
-- why: Closed: nothing is visible without user.
-- demonstrate: nobody, error 22P02: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT current_setting('app.current_user_id', true)::bigint));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
