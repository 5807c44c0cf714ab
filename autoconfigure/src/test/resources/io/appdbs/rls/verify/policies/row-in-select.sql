-- about: A composite key is in a sub-select.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO member VALUES (1, 1, 'alice'), (1, 2, 'bob')
-- rows: INSERT INTO note VALUES (1, 1, 1), (2, 1, 2), (3, 2, 2)
-- expect: none
-- tolerate: table-not-secured table public.member
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 1 row: SELECT FROM note
-- demonstrate: nobody, 0 rows: SELECT FROM note

CREATE TABLE member (org bigint NOT NULL, team bigint NOT NULL, person text NOT NULL);
GRANT SELECT ON member TO app;
CREATE TABLE note (id bigint PRIMARY KEY, org bigint NOT NULL, team bigint NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING ((org, team) IN (SELECT m.org, m.team FROM member m WHERE m.person = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT ON note TO app;
