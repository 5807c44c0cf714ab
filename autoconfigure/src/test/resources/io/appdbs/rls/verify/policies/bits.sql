-- about: A type of which no witness values are known decides.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', B'100')
-- expect: WARN policy-unproved table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, bits bit(3) NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR (bits & B'100') <> B'000');
GRANT SELECT ON note TO app;
