-- about: A STABLE function in PL/pgSQL, which reads no table, is asked about the owner.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: none
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note
-- tolerate: policy-unproved table public.note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION mine(asked text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN asked = NULLIF(current_setting('app.current_user_id', true), ''); END $$;
CREATE POLICY own ON note USING (mine(owner));
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
