-- about: All see all rows but those of owners who block them.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- rows: INSERT INTO block VALUES ('alice', 'bob')
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- tolerate: policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE TABLE block (owner text NOT NULL, person text NOT NULL);
ALTER TABLE block ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON block FOR SELECT USING (person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE POLICY not_blocked ON note FOR SELECT USING (NOT EXISTS (SELECT 1 FROM block b WHERE b.person = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND b.owner = note.owner));
GRANT SELECT ON note, block TO app;
