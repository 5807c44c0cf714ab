-- about: A row has several owners.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, '{alice}'), (2, '{alice,bob}')
-- expect: none
-- demonstrate: A, 2 rows: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owners = '{alice}'
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owners text[] NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING ((SELECT NULLIF(current_setting('app.current_user_id', true), '')) = ANY (owners));
GRANT SELECT ON note TO app;
