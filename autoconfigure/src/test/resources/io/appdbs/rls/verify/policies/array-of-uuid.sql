-- about: The readers are an array of UUIDs.
-- settings: app.current_user_id
-- user: 00000000-0000-4000-8000-000000000001
-- user: 00000000-0000-4000-8000-000000000002
-- rows: INSERT INTO note VALUES (1, '{00000000-0000-4000-8000-000000000001}'), (2, '{00000000-0000-4000-8000-000000000001,00000000-0000-4000-8000-000000000002}')
-- expect: none
-- demonstrate: A, 2 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, readers uuid[] NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING ((SELECT NULLIF(current_setting('app.current_user_id', true), ''))::uuid = ANY (readers));
GRANT SELECT ON note TO app;
