-- about: A partition is granted itself.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice'), (2, 'bob')
-- expect: ERROR table-not-secured table public.note_alice
-- demonstrate: B, 1 row: SELECT FROM note_alice
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'

CREATE TABLE note (id bigint, owner text NOT NULL) PARTITION BY LIST (owner);
CREATE TABLE note_alice PARTITION OF note FOR VALUES IN ('alice');
CREATE TABLE note_others PARTITION OF note DEFAULT;
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note, note_alice TO app;
