-- about: A user sees the rows of all with a greater identifier.
-- settings: app.current_user_id
-- user: 8
-- user: 7
-- rows: INSERT INTO note VALUES (1, 8), (2, 7)
-- expect: ERROR policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 8
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner >= (SELECT NULLIF(current_setting('app.current_user_id', true), ''))::bigint);
GRANT SELECT ON note TO app;
