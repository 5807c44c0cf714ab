-- about: Rows that are not visible can be deleted.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-writable-without-user table public.note
-- demonstrate: nobody, 2 rows: DELETE FROM note
-- demonstrate: B, 2 rows: DELETE FROM note
-- tolerate: policy-writable-for-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY removed ON note FOR DELETE USING (true);
GRANT SELECT, DELETE ON note TO app;
