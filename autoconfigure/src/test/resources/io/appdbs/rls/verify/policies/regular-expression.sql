-- about: An empty pattern matches all owners.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR policy-visible-without-user table public.note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-to-stranger table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner ~ (SELECT current_setting('app.current_user_id', true)));
GRANT SELECT ON note TO app;
