-- about: Only the policy for UPDATE reads its own table.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-raises table public.note
-- why: The table is read once more by the check, where its policy for SELECT has a sub-select.
-- demonstrate: B, error 42P17: UPDATE note SET body = 'x'
-- demonstrate: B, 1 row: SELECT FROM note
-- tolerate: policy-unproved table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY changed ON note FOR UPDATE USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) WITH CHECK (EXISTS (SELECT 1 FROM note n WHERE n.id = note.id AND n.owner = note.owner));
GRANT SELECT, UPDATE ON note TO app;
