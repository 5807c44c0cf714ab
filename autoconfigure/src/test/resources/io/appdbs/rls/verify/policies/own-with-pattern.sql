-- about: Own rows of some kinds.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', 'a'), (2, 'bob', 'b')
-- expect: none
-- tolerate: policy-never-true table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, kind text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND kind ~ '^(a|b)');
GRANT SELECT ON note TO app;
