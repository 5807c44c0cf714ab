-- about: Only some columns are granted.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: none
-- demonstrate: A, 1 row: SELECT id FROM note
-- demonstrate: B, error 42501: INSERT INTO note (id, owner) VALUES (9, 'alice')
-- demonstrate: B, error 42501: UPDATE note SET owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT id FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT (id, body), UPDATE (body), INSERT (id, owner), DELETE ON note TO app;
