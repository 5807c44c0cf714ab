-- about: The owner is a domain with a CHECK.
-- settings: app.current_user_id
-- user: a@x.org
-- user: b@x.org
-- rows: INSERT INTO note VALUES (1, 'a@x.org'), (2, 'b@x.org')
-- expect: none
-- tolerate: policy-unproved, policy-never-true table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@]+@[^@]+$');
CREATE TABLE note (id bigint PRIMARY KEY, owner email NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
