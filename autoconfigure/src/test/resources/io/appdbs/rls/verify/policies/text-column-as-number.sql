-- about: A text column is cast to a number, and a pattern is compared.
-- settings: app.current_user_id
-- user: 1
-- user: 2
-- rows: INSERT INTO note VALUES (1, '1', 'x'), (2, '2', 'y')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- tolerate: policy-unproved table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, kind text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner::bigint = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))::bigint AND NOT starts_with(kind, 'draft'));
GRANT SELECT ON note TO app;
