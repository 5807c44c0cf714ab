-- about: Two tables of one name in two schemas.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- rows: INSERT INTO sales.note VALUES (1, 'alice')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM sales.note
-- demonstrate: A, 1 row: SELECT FROM sales.note

CREATE SCHEMA sales;
CREATE TABLE sales.note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE sales.note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON sales.note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT USAGE ON SCHEMA sales TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sales.note TO app;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
