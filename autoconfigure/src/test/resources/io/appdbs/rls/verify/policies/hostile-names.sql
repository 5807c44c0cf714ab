-- about: Names with quotes, dots, keywords and capital letters.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', false), (2, 'bob', false)
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, "Ow""ner. of" text NOT NULL, "select" boolean NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING ("Ow""ner. of" = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND NOT "select");
GRANT SELECT ON note TO app;
