-- about: Rows are for everybody from a date on.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', now() - interval '1 day'), (2, 'alice', now() + interval '1 day'), (3, 'bob', NULL)
-- expect: WARN policy-visible-without-user | ERROR policy-visible-without-user | WARN policy-visible-to-stranger | ERROR policy-visible-to-stranger table public.note
-- why: Likely intended, but neither a flag nor a literal decides.
-- demonstrate: nobody, 1 row: SELECT FROM note
-- tolerate: policy-visible-without-user, policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, published_at timestamptz);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_published ON note FOR SELECT USING (published_at <= now() OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
