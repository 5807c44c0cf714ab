-- about: Rows with a literal are for everybody.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'published'), (2, 'alice', 'draft'), (3, 'bob', 'draft')
-- expect: WARN policy-visible-without-user | WARN policy-visible-to-stranger table public.note
-- why: Likely intended: only rows where status = 'published'.
-- demonstrate: nobody, 1 row: SELECT FROM note
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, status text NOT NULL DEFAULT 'draft');
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_published ON note FOR SELECT USING (status = 'published' OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
