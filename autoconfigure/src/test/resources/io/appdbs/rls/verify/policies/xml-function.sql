-- about: A function of the server reads a table that a text names.
-- settings: app.current_user_id
-- rows: INSERT INTO open VALUES (1)
-- rows: INSERT INTO note VALUES (1, 'alice')
-- expect: WARN policy-unproved | ERROR policy-visible-to-stranger | ERROR policy-visible-without-user table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: table-not-secured table public.open
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.note

CREATE TABLE open (note bigint NOT NULL);
GRANT SELECT ON open TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR query_to_xml('SELECT 1 FROM open WHERE note = ' || id, true, true, '')::text LIKE '%row%');
GRANT SELECT ON note TO app;
