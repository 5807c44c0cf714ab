-- about: All users of a pool are the same current_user.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'app', 'x'), (2, 'bob', 'y')
-- expect: ERROR policy-visible-without-user | ERROR policy-visible-to-stranger table public.note
-- why: A row of the login is visible to all, with and without user.
-- demonstrate: nobody, 1 row: SELECT FROM note WHERE owner = 'app'
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'app'
-- tolerate: policy-never-true, policy-visible-without-user, policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = current_user);
GRANT SELECT ON note TO app;
