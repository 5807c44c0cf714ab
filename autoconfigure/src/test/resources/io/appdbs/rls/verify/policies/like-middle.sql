-- about: The identifier occurs anywhere in a list.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'bobby,alice')
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owners = 'bobby,alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owners text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owners LIKE '%' || (SELECT NULLIF(current_setting('app.current_user_id', true), '')) || '%');
GRANT SELECT ON note TO app;
