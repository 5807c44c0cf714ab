-- about: A JSON number is compared with the user.
-- settings: app.current_user_id
-- user: 1
-- user: 2
-- rows: INSERT INTO note VALUES (1, '{"owner": 1}'), (2, '{"owner": 2}')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, data jsonb NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING ((data ->> 'owner')::bigint = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))::bigint);
GRANT SELECT ON note TO app;
