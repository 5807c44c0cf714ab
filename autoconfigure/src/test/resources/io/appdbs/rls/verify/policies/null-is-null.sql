-- about: IS NOT DISTINCT FROM makes nobody the owner of rows without owner.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, NULL), (2, 'bob')
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user table public.note
-- why: Only rows without owner are concerned.
-- demonstrate: nobody, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner IS NOT DISTINCT FROM (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
