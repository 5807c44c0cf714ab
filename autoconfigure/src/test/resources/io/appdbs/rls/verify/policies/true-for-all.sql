-- about: All rows are visible and can be written.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- expect: ERROR policy-writable-without-user table public.note
-- demonstrate: nobody, 1 row: INSERT INTO note VALUES (9, 'alice', 'x')
-- demonstrate: nobody, 2 rows: DELETE FROM note
-- demonstrate: nobody, 2 rows: UPDATE note SET owner = 'bob' WHERE true
-- tolerate: policy-visible-to-stranger, policy-writable-for-stranger, policy-gives-rows-away table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON note USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
