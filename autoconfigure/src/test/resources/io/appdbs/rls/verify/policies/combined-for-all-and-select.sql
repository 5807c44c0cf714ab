-- about: FOR ALL for own rows, and FOR UPDATE for all rows with a weak check.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'x'), (2, 'bob', 'y')
-- expect: ERROR policy-writable-for-stranger | ERROR policy-writable-without-user | ERROR policy-gives-rows-away table public.note
-- demonstrate: B, 2 rows: UPDATE note SET owner = 'bob'
-- tolerate: policy-writable-for-stranger, policy-writable-without-user, policy-gives-rows-away table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY edit ON note FOR UPDATE USING (body IS NOT NULL) WITH CHECK (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
