-- about: The condition raises an error for some rows of the user.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 8, 2, 1), (2, 'bob', 8, 2, 2)
-- expect: ERROR policy-raises table public.note
-- demonstrate: B, error 22012: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, total integer NOT NULL, sold integer NOT NULL, reserved integer NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND total / (sold - reserved) > 0);
GRANT SELECT ON note TO app;
