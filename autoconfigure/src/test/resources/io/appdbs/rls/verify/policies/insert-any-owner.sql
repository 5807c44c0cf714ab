-- about: The check of inserted rows asks nothing about the user.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-writable-without-user table public.note
-- demonstrate: nobody, 1 row: INSERT INTO note VALUES (9, 'alice', 'x')
-- tolerate: policy-writable-for-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY added ON note FOR INSERT WITH CHECK (owner IS NOT NULL AND length(owner) > 0);
GRANT SELECT, INSERT ON note TO app;
