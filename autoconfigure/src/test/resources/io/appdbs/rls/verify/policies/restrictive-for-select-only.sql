-- about: What restricts SELECT does not restrict DELETE.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-writable-without-user table public.note
-- demonstrate: nobody, 2 rows: DELETE FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- tolerate: policy-writable-for-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON note USING (true);
CREATE POLICY own ON note AS RESTRICTIVE FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, DELETE ON note TO app;
