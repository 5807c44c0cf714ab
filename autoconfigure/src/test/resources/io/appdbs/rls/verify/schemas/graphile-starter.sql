-- about: Graphile starter: a session is looked up by a SECURITY DEFINER function, which returns the user.
-- source: https://github.com/graphile/starter
-- licence: MIT (the starter's own licence text; modelled on it and reduced)
-- settings: jwt.claims.session_id
-- role: visitor
-- witness: 00000000-0000-4000-8000-0000000000fa
-- witness: 00000000-0000-4000-8000-0000000000fb
-- rows: INSERT INTO app_public.users (id, username) VALUES ('00000000-0000-4000-8000-00000000000a', 'alice'), ('00000000-0000-4000-8000-00000000000b', 'bob')
-- rows: INSERT INTO app_private.sessions VALUES ('00000000-0000-4000-8000-0000000000fa', '00000000-0000-4000-8000-00000000000a'), ('00000000-0000-4000-8000-0000000000fb', '00000000-0000-4000-8000-00000000000b')
-- rows: INSERT INTO app_private.user_secrets VALUES ('00000000-0000-4000-8000-00000000000a', 'hash')
-- rows: INSERT INTO app_public.user_emails (user_id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.org'), ('00000000-0000-4000-8000-00000000000b', 'b@example.org')
-- rows: INSERT INTO app_public.user_authentications (user_id, service) VALUES ('00000000-0000-4000-8000-00000000000a', 'github')
-- rows: INSERT INTO app_public.organizations (id, slug, name) VALUES ('00000000-0000-4000-8000-00000000000a', 'one', 'One'), ('00000000-0000-4000-8000-00000000000b', 'two', 'Two')
-- rows: INSERT INTO app_public.organization_memberships (organization_id, user_id, is_owner) VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a', true), ('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-00000000000b', true)
-- expect: ERROR policy-visible-without-user table app_public.users
-- why: By intent: users are public. Nobody gives an own row away, since id may not be updated.
-- demonstrate: nobody, 2 rows: SELECT FROM app_public.users
-- demonstrate: B, 1 row: UPDATE app_public.users SET name = 'x'
-- demonstrate: B, error 42501: UPDATE app_public.users SET id = '00000000-0000-4000-8000-00000000000a'
-- tolerate: policy-visible-to-stranger, policy-assumes-function, policy-unproved table app_public.users
-- expect: INFO policy-assumes-function | WARN policy-unproved table app_public.user_emails
-- why: current_user_id() reads a table of sessions, so that who the user is can only be assumed.
-- demonstrate: B, 1 row: SELECT FROM app_public.user_emails
-- demonstrate: nobody, 0 rows: SELECT FROM app_public.user_emails
-- demonstrate: B, 1 row: INSERT INTO app_public.user_emails (email) VALUES ('c@example.org')
-- demonstrate: B, error 42501: INSERT INTO app_public.user_emails (user_id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'c@example.org')
-- expect: INFO policy-assumes-function | WARN policy-unproved table app_public.user_authentications
-- demonstrate: B, 0 rows: SELECT FROM app_public.user_authentications
-- demonstrate: B, 0 rows: DELETE FROM app_public.user_authentications
-- expect: INFO policy-assumes-function | WARN policy-unproved table app_public.organizations
-- demonstrate: B, 1 row: SELECT FROM app_public.organizations
-- demonstrate: B, 0 rows: UPDATE app_public.organizations SET name = 'x' WHERE id = '00000000-0000-4000-8000-00000000000a'
-- demonstrate: A, 1 row: UPDATE app_public.organizations SET name = 'x'
-- expect: INFO policy-assumes-function | WARN policy-unproved table app_public.organization_memberships
-- demonstrate: B, 1 row: SELECT FROM app_public.organization_memberships
-- tolerate: policy-unproved, policy-assumes-function, policy-never-true *
-- why: Without rows in the table of sessions there is no user.
-- expect: WARN routine-bypasses-policies routine app_public.current_user_id()
-- expect: WARN routine-bypasses-policies routine app_public.current_user_member_organization_ids()
-- expect: WARN routine-bypasses-policies routine app_public.current_user_invited_organization_ids()
-- expect: ERROR routine-bypasses-policies routine app_public.users_has_password(app_public.users)
-- why: It answers for each user, not for the own one alone.
-- demonstrate: B, 1 row: SELECT FROM app_public.users u WHERE u.id = '00000000-0000-4000-8000-00000000000a' AND app_public.users_has_password(u)
-- expect: ERROR routine-bypasses-policies routine app_public.logout()
-- why: By intent, and harmless: it ends the own session.
-- demonstrate: B, 1 row: SELECT app_public.logout()

RESET ROLE;
DO $$ BEGIN CREATE ROLE visitor; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT visitor TO app;
SET ROLE keeper;
CREATE SCHEMA app_public;
CREATE SCHEMA app_private;
GRANT USAGE ON SCHEMA app_public TO visitor;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA app_public GRANT EXECUTE ON FUNCTIONS TO visitor;

CREATE TABLE app_private.sessions (uuid uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL);
ALTER TABLE app_private.sessions ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION app_public.current_session_id() RETURNS uuid LANGUAGE sql STABLE AS
	$$ SELECT nullif(pg_catalog.current_setting('jwt.claims.session_id', true), '')::uuid $$;
CREATE FUNCTION app_public.current_user_id() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO pg_catalog, public, pg_temp AS
	$$ SELECT user_id FROM app_private.sessions WHERE uuid = app_public.current_session_id() $$;

CREATE TABLE app_public.users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), username text NOT NULL UNIQUE, name text, avatar_url text, is_admin boolean NOT NULL DEFAULT false);
ALTER TABLE app_public.users ENABLE ROW LEVEL SECURITY;
CREATE POLICY select_all ON app_public.users FOR SELECT USING (true);
CREATE POLICY update_self ON app_public.users FOR UPDATE USING (id = app_public.current_user_id());
GRANT SELECT, UPDATE (username, name, avatar_url) ON app_public.users TO visitor;
CREATE TABLE app_private.user_secrets (user_id uuid PRIMARY KEY REFERENCES app_public.users, password_hash text);
ALTER TABLE app_private.user_secrets ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION app_public.users_has_password(u app_public.users) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO pg_catalog, public, pg_temp AS
	$$ SELECT password_hash IS NOT NULL FROM app_private.user_secrets WHERE user_id = u.id $$;
CREATE FUNCTION app_public.logout() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, public, pg_temp AS
	$$ BEGIN DELETE FROM app_private.sessions WHERE uuid = app_public.current_session_id(); END $$;

CREATE TABLE app_public.user_emails (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	user_id uuid NOT NULL DEFAULT app_public.current_user_id() REFERENCES app_public.users,
	email text NOT NULL CHECK (email ~ '[^@]+@[^@]+'),
	is_verified boolean NOT NULL DEFAULT false
);
ALTER TABLE app_public.user_emails ENABLE ROW LEVEL SECURITY;
CREATE POLICY select_own ON app_public.user_emails FOR SELECT USING (user_id = app_public.current_user_id());
CREATE POLICY insert_own ON app_public.user_emails FOR INSERT WITH CHECK (user_id = app_public.current_user_id());
CREATE POLICY delete_own ON app_public.user_emails FOR DELETE USING (user_id = app_public.current_user_id());
GRANT SELECT, INSERT (email), DELETE ON app_public.user_emails TO visitor;
CREATE TABLE app_public.user_authentications (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES app_public.users, service text NOT NULL, details jsonb NOT NULL DEFAULT '{}');
ALTER TABLE app_public.user_authentications ENABLE ROW LEVEL SECURITY;
CREATE POLICY select_own ON app_public.user_authentications FOR SELECT USING (user_id = app_public.current_user_id());
CREATE POLICY delete_own ON app_public.user_authentications FOR DELETE USING (user_id = app_public.current_user_id());
GRANT SELECT, DELETE ON app_public.user_authentications TO visitor;

CREATE TABLE app_public.organizations (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), slug text NOT NULL UNIQUE, name text NOT NULL);
CREATE TABLE app_public.organization_memberships (
	organization_id uuid NOT NULL REFERENCES app_public.organizations,
	user_id uuid NOT NULL REFERENCES app_public.users,
	is_owner boolean NOT NULL DEFAULT false,
	UNIQUE (organization_id, user_id)
);
CREATE TABLE app_public.organization_invitations (organization_id uuid NOT NULL REFERENCES app_public.organizations, code text, user_id uuid REFERENCES app_public.users);
ALTER TABLE app_public.organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_public.organization_memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_public.organization_invitations ENABLE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (name, slug) ON app_public.organizations TO visitor;
GRANT SELECT ON app_public.organization_memberships TO visitor;
CREATE FUNCTION app_public.current_user_member_organization_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO pg_catalog, public, pg_temp AS
	$$ SELECT organization_id FROM app_public.organization_memberships WHERE user_id = app_public.current_user_id() $$;
CREATE FUNCTION app_public.current_user_invited_organization_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO pg_catalog, public, pg_temp AS
	$$ SELECT organization_id FROM app_public.organization_invitations WHERE user_id = app_public.current_user_id() $$;
CREATE POLICY select_member ON app_public.organizations FOR SELECT USING (id IN (SELECT app_public.current_user_member_organization_ids()));
CREATE POLICY select_invited ON app_public.organizations FOR SELECT USING (id IN (SELECT app_public.current_user_invited_organization_ids()));
CREATE POLICY update_owner ON app_public.organizations FOR UPDATE USING (EXISTS (
	SELECT 1 FROM app_public.organization_memberships
	WHERE organization_id = organizations.id AND user_id = app_public.current_user_id() AND is_owner IS TRUE));
CREATE POLICY select_member ON app_public.organization_memberships FOR SELECT USING (organization_id IN (SELECT app_public.current_user_member_organization_ids()));
CREATE POLICY select_invited ON app_public.organization_memberships FOR SELECT USING (organization_id IN (SELECT app_public.current_user_invited_organization_ids()));
