-- about: A function executes SQL that it puts together.
-- settings: app.current_user_id
-- rows: INSERT INTO open VALUES (1)
-- rows: INSERT INTO note VALUES (1, 'alice')
-- expect: WARN policy-unproved table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: table-not-secured table public.open

CREATE TABLE open (note bigint NOT NULL);
GRANT SELECT ON open TO app;
CREATE FUNCTION is_open(asked bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ DECLARE found_it boolean; BEGIN EXECUTE 'SELECT EXISTS (SELECT FR' || 'OM open WHERE note = $1)' INTO found_it USING asked; RETURN found_it; END $$;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR is_open(id));
GRANT SELECT ON note TO app;
