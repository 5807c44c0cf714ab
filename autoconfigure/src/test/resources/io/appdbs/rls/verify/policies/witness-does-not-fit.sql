-- about: The users are names, the column is a number.
-- settings: app.current_user_id
-- witness: alice
-- witness: bob
-- rows: INSERT INTO note VALUES (1, 1), (2, 2)
-- expect: ERROR policy-raises table public.note
-- demonstrate: B, error 22P02: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- tolerate: policy-never-true table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))::bigint);
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
