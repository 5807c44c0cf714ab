-- about: A function in PL/pgSQL compares its argument with a list.
-- settings: app.current_user_id
-- user: alice
-- user: bob
-- rows: INSERT INTO note VALUES (1, 'alice', 'open')
-- expect: ERROR policy-visible-without-user | WARN policy-visible-without-user | ERROR policy-visible-to-stranger | WARN policy-visible-to-stranger table public.note
-- demonstrate: B, 1 row: SELECT FROM note WHERE owner = 'alice'
-- tolerate: policy-visible-without-user, policy-visible-to-stranger, policy-writable-for-stranger, policy-writable-without-user table public.note

CREATE FUNCTION may_see(kind text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN IF kind IN ('open', 'shared') THEN RETURN true; END IF; RETURN false; END $$;
CREATE TABLE note (id bigint PRIMARY KEY, owner text NOT NULL, kind text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')) OR may_see(kind));
GRANT SELECT ON note TO app;
