-- about: Rows with a value of an enum are for everybody.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'live'), (2, 'bob', 'draft')
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.note
-- demonstrate: nobody, 1 row: SELECT FROM note
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.note

CREATE TYPE status AS ENUM ('draft', 'live', 'deleted');
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, state status NOT NULL DEFAULT 'draft');
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_live ON note FOR SELECT USING (state = 'live' OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
