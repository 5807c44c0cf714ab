-- about: Two persons of a conversation.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', 'bob'), (2, 'carol', 'bob')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 2 rows: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, one text NOT NULL, two text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (LEAST(one, two) = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR GREATEST(one, two) = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT ON note TO app;
