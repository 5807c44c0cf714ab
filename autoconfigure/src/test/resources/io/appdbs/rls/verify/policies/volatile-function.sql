-- about: A policy calls a function that is not marked STABLE.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: WARN policy-unproved | INFO policy-assumes-function table public.note
-- why: A VOLATILE function is not called for a proof; the condition itself is right.
-- demonstrate: A, 1 row: SELECT FROM note
-- demonstrate: B, 0 rows: SELECT FROM note WHERE owner = 'alice'
-- demonstrate: nobody, 0 rows: SELECT FROM note
-- demonstrate: unset, 0 rows: SELECT FROM note

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION me() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN NULLIF(current_setting('app.current_user_id', true), ''); END $$;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT me()));
GRANT SELECT ON note TO app;
