-- about: Everything below a root is public.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO folder VALUES (1, NULL, true)
-- rows: INSERT INTO note VALUES (1, 'alice', NULL)
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE TABLE folder (id bigint PRIMARY KEY, parent bigint, root boolean NOT NULL);
GRANT SELECT ON folder TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, parent bigint);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (id IN (WITH RECURSIVE tree(id) AS (SELECT f.id FROM folder f WHERE f.root UNION SELECT f.id FROM folder f JOIN tree t ON f.parent = t.id) SELECT id FROM tree));
GRANT SELECT ON note TO app;
