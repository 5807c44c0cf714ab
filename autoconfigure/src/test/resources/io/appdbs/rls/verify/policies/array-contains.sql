-- about: The owners contain the user.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, '{alice}'), (2, '{alice,bob}')
-- expect: none
-- demonstrate: A, 2 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owners text[] NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owners @> ARRAY[(SELECT NULLIF(current_setting('app.current_user_id', true), ''))]);
GRANT SELECT ON note TO app;
