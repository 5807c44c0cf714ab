-- about: A user sees the rows of all whose name starts with the own one.
-- settings: app.current_user_id
-- user: bobby
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'bobby', 'x'), (2, 'bob', 'y')
-- expect: ERROR policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'bobby'
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner LIKE (SELECT NULLIF(current_setting('app.current_user_id', true), '')) || '%');
GRANT SELECT ON note TO app;
