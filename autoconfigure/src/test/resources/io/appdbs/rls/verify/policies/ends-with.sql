-- about: A user sees the rows of all whose name ends with the own one.
-- settings: app.current_user_id
-- user: jacob
-- user: cob
-- rows: INSERT INTO note VALUES (1, 'jacob', 'x'), (2, 'cob', 'y')
-- expect: ERROR policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'jacob'

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (right(owner, length((SELECT NULLIF(current_setting('app.current_user_id', true), '')))) = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
