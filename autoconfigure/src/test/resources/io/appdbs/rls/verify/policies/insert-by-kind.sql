-- about: Anybody may insert rows of a certain kind for others.
-- settings: app.current_user_id
-- expect: ERROR policy-writable-for-stranger | WARN policy-writable-for-stranger | ERROR policy-writable-without-user | WARN policy-writable-without-user table public.note
-- demonstrate: B, 1 row: INSERT INTO note VALUES (1, 'alice', 'letter')
-- tolerate: policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, kind text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY send ON note FOR INSERT WITH CHECK (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR kind = ANY ('{letter,card}'));
GRANT SELECT, INSERT ON note TO app;
