-- about: INTERSECT of two tables without a user.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice')
-- rows: INSERT INTO shared VALUES (1)
-- rows: INSERT INTO approved VALUES (1)
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE shared (note bigint NOT NULL);
CREATE TABLE approved (note bigint NOT NULL);
GRANT SELECT ON shared, approved TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (id IN (SELECT note FROM shared INTERSECT SELECT note FROM approved));
GRANT SELECT ON note TO app;
