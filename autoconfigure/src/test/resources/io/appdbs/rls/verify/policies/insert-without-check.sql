-- about: A policy for INSERT without WITH CHECK allows nothing.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: WARN policy-never-true | WARN policy-missing table public.note
-- demonstrate: B, error 42501: INSERT INTO note VALUES (9, 'bob', 'x')

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY added ON note FOR INSERT;
GRANT SELECT, INSERT ON note TO app;
