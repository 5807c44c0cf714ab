-- about: An own row that is not archived in JSON.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', '{}'), (2, 'bob', '{"archived": false}')
-- expect: none
-- tolerate: policy-unproved table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, data jsonb NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND NOT COALESCE((data ->> 'archived')::boolean, false));
GRANT SELECT ON note TO app;
