-- about: The login owns the table.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR table-not-forced table public.note
-- demonstrate: nobody, 2 rows: SELECT FROM note
-- tolerate: truncate-granted table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
RESET ROLE;
ALTER TABLE note OWNER TO app;
