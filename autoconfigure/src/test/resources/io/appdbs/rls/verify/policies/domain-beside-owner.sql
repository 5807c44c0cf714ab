-- about: A column with a domain is read besides the owner.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', 'DE'), (2, 'bob', 'FR')
-- expect: none
-- tolerate: policy-unproved, policy-never-true table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{2}$');
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, code code NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND code <> 'XX');
GRANT SELECT ON note TO app;
