-- about: All rows are visible.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- tolerate: policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON note FOR SELECT USING (true);
GRANT SELECT ON note TO app;
