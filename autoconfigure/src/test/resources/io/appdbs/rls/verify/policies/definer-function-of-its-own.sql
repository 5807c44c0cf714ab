-- about: A SECURITY DEFINER function that no policy uses reads all rows.
-- settings: app.current_user_id
-- rows: INSERT INTO note VALUES (1, 'alice', 'hers'), (2, 'bob', 'his')
-- expect: ERROR routine-bypasses-policies routine public.search_notes(text)
-- demonstrate: nobody, 1 row: SELECT FROM search_notes('hers')

CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
CREATE FUNCTION search_notes(words text) RETURNS SETOF note LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
	$$ SELECT * FROM note WHERE body = words $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
