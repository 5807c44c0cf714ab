-- about: The condition is a CASE.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', NULL), (2, 'alice', 'bob')
-- expect: none
-- demonstrate: A, 2 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, shared_with text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (CASE WHEN shared_with IS NULL THEN owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) ELSE (SELECT NULLIF(current_setting('app.current_user_id', true), '')) IN (owner, shared_with) END);
GRANT SELECT ON note TO app;
