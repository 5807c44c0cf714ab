-- about: Without user all rows are visible and can be written.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- demonstrate: unset, 2 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- expect: ERROR policy-writable-without-user table public.note
-- demonstrate: nobody, 2 rows: DELETE FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING ((SELECT NULLIF(current_setting('app.current_user_id', true), '')) IS NULL OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
