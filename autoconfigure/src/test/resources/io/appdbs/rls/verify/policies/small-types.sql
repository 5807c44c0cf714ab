-- about: Columns of small types are compared with literals that do not fit them.
-- settings: app.current_user_id
-- user: 1
-- user: 2
-- rows: INSERT INTO note VALUES (1, 1, 1, 1, 'ab'), (2, 2, 1, 1, 'cd')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- tolerate: policy-never-true table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner integer NOT NULL, rate numeric(4,2) NOT NULL, small smallint NOT NULL, code char(2) NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))::integer AND abs(rate) < 5000000000 AND small * 70000::bigint > 0 AND length(code) < 200 AND code ~ '^[a-z]{1,2}$');
GRANT SELECT ON note TO app;
