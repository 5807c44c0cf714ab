-- about: Own rows of a certain status.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'live'), (2, 'bob', 'deleted')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: A, error 42501: UPDATE note SET owner = 'bob'

CREATE TYPE status AS ENUM ('draft', 'live', 'deleted');
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, state status NOT NULL DEFAULT 'draft');
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND state <> 'deleted') WITH CHECK (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
