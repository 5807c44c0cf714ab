-- about: A numeric tenant is taken from text before a colon.
-- settings: app.current_user_id
-- user: 1:alice
-- user: 2:bob
-- rows: INSERT INTO note VALUES (1, 1), (2, 2)
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, tenant integer NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (tenant = (SELECT NULLIF(split_part(current_setting('app.current_user_id', true), ':', 1), '')::integer));
GRANT SELECT ON note TO app;
