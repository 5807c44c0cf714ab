-- about: COALESCE on both sides with different values.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice'), (2, 'bob'), (3, NULL)
-- expect: none
-- tolerate: policy-visible-without-user table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (COALESCE(owner, 'x-none') = COALESCE((SELECT NULLIF(current_setting('app.current_user_id', true), '')), 'x-nobody'));
GRANT SELECT ON note TO app;
