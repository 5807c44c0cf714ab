-- about: A user may insert rows of others.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-writable-for-stranger table public.note
-- demonstrate: B, 1 row: INSERT INTO note VALUES (9, 'alice', 'x')
-- demonstrate: nobody, error 42501: INSERT INTO note VALUES (9, 'alice', 'x')

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY added ON note FOR INSERT WITH CHECK ((SELECT NULLIF(current_setting('app.current_user_id', true), '')) IS NOT NULL);
GRANT SELECT, INSERT ON note TO app;
