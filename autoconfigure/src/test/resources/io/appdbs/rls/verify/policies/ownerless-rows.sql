-- about: Rows without owner are for everybody.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, NULL), (2, 'bob')
-- expect: WARN policy-visible-without-user | ERROR policy-visible-without-user table public.note
-- why: A column that may be NULL decides, such as a flag does; rows without owner carry nothing that a user could own, so that either severity is right.
-- demonstrate: nobody, 1 row: SELECT FROM note
-- tolerate: policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner IS NULL OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
