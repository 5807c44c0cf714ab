-- about: A role that is excluded lets all others in, also no role.
-- settings: app.current_user_id, app.current_user_role
-- user: app.current_user_id=alice, app.current_user_role=staff
-- user: app.current_user_id=bob, app.current_user_role=staff
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- tolerate: policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY staff ON note FOR SELECT USING ((SELECT current_setting('app.current_user_role', true)) <> 'guest');
GRANT SELECT ON note TO app;
