-- about: The owner is nested in JSON.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, '{"acl": {"owner": "alice"}}'), (2, '{"acl": {"owner": "bob"}}')
-- expect: none
-- tolerate: policy-never-true table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, data jsonb NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (data -> 'acl' ->> 'owner' = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
