-- about: An UPDATE may start from rows of others.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-writable-for-stranger table public.note
-- demonstrate: B, 2 rows: UPDATE note SET owner = 'bob'

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY changed ON note FOR UPDATE USING ((SELECT NULLIF(current_setting('app.current_user_id', true), '')) IS NOT NULL) WITH CHECK (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, UPDATE ON note TO app;
