-- about: Generated and identity columns, with a dropped one between.
-- settings: app.current_user_id
-- rows: INSERT INTO note (owner) VALUES ('alice'), ('bob')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: B, error 42501: INSERT INTO note (owner) VALUES ('alice')
-- demonstrate: B, 1 row: INSERT INTO note (owner) VALUES ('bob')

CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY, gone text, owner text NOT NULL, body text, owner_key text GENERATED ALWAYS AS (lower(owner)) STORED);
ALTER TABLE note DROP COLUMN gone;
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner_key = lower((SELECT NULLIF(current_setting('app.current_user_id', true), ''))));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
