-- about: The owner is a generated column.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'ALICE'), (2, 'Bob')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, email text NOT NULL, owner text GENERATED ALWAYS AS (lower(email)) STORED);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = lower((SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON note TO app;
