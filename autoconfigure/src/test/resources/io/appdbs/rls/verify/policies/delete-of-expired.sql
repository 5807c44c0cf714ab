-- about: Everybody may delete what has expired.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', '2020-01-01')
-- expect: ERROR policy-writable-for-stranger | WARN policy-writable-for-stranger | ERROR policy-writable-without-user | WARN policy-writable-without-user table public.note
-- demonstrate: B, 1 row: DELETE FROM note
-- tolerate: policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, expires date NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY purge ON note FOR DELETE USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR expires < current_date - 30);
GRANT SELECT, DELETE ON note TO app;
