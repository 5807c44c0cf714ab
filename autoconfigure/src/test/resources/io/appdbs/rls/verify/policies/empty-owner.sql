-- about: Without NULLIF, nobody is the user with the empty name.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, '', 'lost')
-- expect: none
-- tolerate: policy-visible-without-user table public.note
-- why: Only rows whose owner is '' are visible without user; the condition is right for all others.
-- demonstrate: nobody, 1 row: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT current_setting('app.current_user_id', true)));
GRANT SELECT ON note TO app;
