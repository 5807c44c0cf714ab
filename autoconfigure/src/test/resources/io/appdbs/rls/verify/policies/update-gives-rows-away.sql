-- about: The new row of an UPDATE is not checked.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-gives-rows-away table public.note
-- why: An UPDATE that reads no column is not subject to the policy for SELECT.
-- demonstrate: B, 1 row: UPDATE note SET owner = 'alice'
-- demonstrate: B, error 42501: UPDATE note SET owner = 'alice' WHERE id = 2

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY changed ON note FOR UPDATE USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) WITH CHECK (true);
GRANT SELECT, UPDATE ON note TO app;
