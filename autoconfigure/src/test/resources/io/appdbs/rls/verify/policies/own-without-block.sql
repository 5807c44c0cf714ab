-- about: Own rows without an entry of others.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice'), (2, 'bob')
-- rows: INSERT INTO block VALUES (7)
-- expect: none
-- tolerate: policy-never-true table public.note
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE block (note bigint NOT NULL);
GRANT SELECT ON block TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND NOT EXISTS (SELECT 1 FROM block b WHERE b.note = note.id));
GRANT SELECT ON note TO app;
