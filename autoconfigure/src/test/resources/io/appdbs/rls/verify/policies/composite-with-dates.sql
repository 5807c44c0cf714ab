-- about: Own rows, or rows that were lent to the user, while they are valid.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', NULL, NULL, NULL), (2, 'alice', 'bob', current_date + 1, NULL), (3, 'alice', 'bob', current_date - 1, NULL), (4, 'bob', NULL, NULL, now())
-- expect: none
-- demonstrate: A, 3 rows: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, lent_to text, lent_until date, deleted_at timestamptz);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (deleted_at IS NULL AND (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR (lent_to = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) AND lent_until >= current_date)));
GRANT SELECT ON note TO app;
