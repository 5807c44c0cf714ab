-- about: Basejump: accounts with members, asked for through a SECURITY DEFINER function.
-- source: https://github.com/usebasejump/basejump
-- licence: MIT (modelled on it and reduced)
-- settings: request.jwt.claims
-- role: authenticated
-- include: supabase
-- witness: {"sub":"00000000-0000-4000-8000-00000000000a","role":"authenticated"}
-- witness: {"sub":"00000000-0000-4000-8000-00000000000b","role":"authenticated"}
-- rows: INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.org'), ('00000000-0000-4000-8000-00000000000b', 'b@example.org')
-- rows: INSERT INTO basejump.accounts (id, primary_owner_user_id, name, personal_account) VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a', 'a', true), ('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-00000000000b', 'b', true)
-- rows: INSERT INTO basejump.account_user VALUES ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000a', 'owner'), ('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-00000000000b', 'owner')
-- rows: INSERT INTO basejump.invitations (account_id, account_role, token, account_name, created_at) VALUES ('00000000-0000-4000-8000-00000000000a', 'member', 'secret', 'a', now())
-- rows: INSERT INTO basejump.billing_customers VALUES ('00000000-0000-4000-8000-00000000000a', 'c1'), ('00000000-0000-4000-8000-00000000000b', 'c2')
-- expect: ERROR policy-visible-without-user table basejump.config
-- why: By intent: each authenticated role reads the configuration.
-- demonstrate: nobody, 1 row: SELECT FROM basejump.config
-- tolerate: policy-visible-to-stranger table basejump.config
-- expect: WARN policy-unproved table basejump.accounts
-- why: has_role_on_account() decides; it is VOLATILE and has an argument.
-- demonstrate: B, 0 rows: SELECT FROM basejump.accounts WHERE id = '00000000-0000-4000-8000-00000000000a'
-- demonstrate: A, 1 row: SELECT FROM basejump.accounts
-- demonstrate: nobody, 0 rows: SELECT FROM basejump.accounts
-- expect: WARN policy-writable-without-user | WARN policy-writable-for-stranger | ERROR policy-writable-without-user | ERROR policy-writable-for-stranger | WARN policy-unproved table basejump.accounts
-- why: The check asks a flag of the row and the configuration, not who the owner is: team accounts can be created for others. Whether it can be found depends on is_set(), which reads a table.
-- demonstrate: B, 1 row: INSERT INTO basejump.accounts (primary_owner_user_id, name) VALUES ('00000000-0000-4000-8000-00000000000a', 'forged')
-- demonstrate: nobody, 1 row: INSERT INTO basejump.accounts (primary_owner_user_id, name) VALUES ('00000000-0000-4000-8000-00000000000a', 'forged')
-- tolerate: policy-writable-without-user, policy-writable-for-stranger table basejump.accounts
-- expect: WARN policy-unproved table basejump.account_user
-- demonstrate: B, 0 rows: SELECT FROM basejump.account_user WHERE user_id = '00000000-0000-4000-8000-00000000000a'
-- expect: WARN policy-unproved table basejump.invitations
-- demonstrate: B, 0 rows: SELECT FROM basejump.invitations
-- demonstrate: A, 1 row: SELECT FROM basejump.invitations
-- expect: WARN policy-unproved table basejump.billing_customers
-- demonstrate: B, 1 row: SELECT FROM basejump.billing_customers
-- expect: WARN routine-bypasses-policies routine basejump.has_role_on_account(uuid,basejump.account_role)
-- expect: ERROR routine-bypasses-policies routine basejump.get_accounts_with_role(basejump.account_role)
-- why: By the catalog; the body filters by the user, so that no row leaks.
-- demonstrate: B, 1 row: SELECT basejump.get_accounts_with_role()
-- expect: ERROR routine-bypasses-policies routine public.lookup_invitation(text)
-- why: By intent: a token of an invitation is enough, also without user.
-- demonstrate: nobody, 1 row: SELECT FROM lookup_invitation('secret')
-- expect: WARN policy-missing table basejump.accounts
-- expect: WARN policy-missing table basejump.account_user
-- expect: WARN policy-missing table basejump.invitations
-- why: All commands are granted, some have no policy; they affect no row.
-- tolerate: policy-evaluated-per-row, policy-reads-other-setting *
-- why: auth.uid() is called per row, and its body also reads request.jwt.claim.sub.

CREATE SCHEMA basejump;
GRANT USAGE ON SCHEMA basejump TO authenticated;
CREATE TYPE basejump.account_role AS ENUM ('owner', 'member');

CREATE TABLE basejump.config (enable_team_accounts boolean DEFAULT true, billing_provider text DEFAULT 'stripe');
INSERT INTO basejump.config DEFAULT VALUES;
GRANT SELECT ON basejump.config TO authenticated;
ALTER TABLE basejump.config ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Settings can be read" ON basejump.config FOR SELECT TO authenticated USING (true);
CREATE FUNCTION basejump.is_set(field text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE result boolean;
BEGIN
	EXECUTE format('SELECT %I FROM basejump.config LIMIT 1', field) INTO result;
	RETURN result;
END $$;

CREATE TABLE basejump.accounts (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	primary_owner_user_id uuid NOT NULL REFERENCES auth.users DEFAULT auth.uid(),
	name text,
	personal_account boolean NOT NULL DEFAULT false
);
CREATE TABLE basejump.account_user (
	user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
	account_id uuid NOT NULL REFERENCES basejump.accounts ON DELETE CASCADE,
	account_role basejump.account_role NOT NULL,
	PRIMARY KEY (user_id, account_id)
);
CREATE TABLE basejump.invitations (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	account_id uuid NOT NULL REFERENCES basejump.accounts ON DELETE CASCADE,
	account_role basejump.account_role NOT NULL,
	token text NOT NULL UNIQUE,
	account_name text,
	created_at timestamptz
);
CREATE TABLE basejump.billing_customers (account_id uuid NOT NULL REFERENCES basejump.accounts, id text PRIMARY KEY);
GRANT SELECT, INSERT, UPDATE, DELETE ON basejump.accounts, basejump.account_user, basejump.invitations TO authenticated;
GRANT SELECT ON basejump.billing_customers TO authenticated;
ALTER TABLE basejump.accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE basejump.account_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE basejump.invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE basejump.billing_customers ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION basejump.has_role_on_account(account uuid, wanted basejump.account_role DEFAULT NULL) RETURNS boolean
	LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
	SELECT EXISTS (SELECT 1 FROM basejump.account_user u
		WHERE u.user_id = auth.uid() AND u.account_id = account AND (wanted IS NULL OR u.account_role = wanted)) $$;
CREATE FUNCTION basejump.get_accounts_with_role(wanted basejump.account_role DEFAULT NULL) RETURNS SETOF uuid
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
	SELECT u.account_id FROM basejump.account_user u
		WHERE u.user_id = auth.uid() AND (wanted IS NULL OR u.account_role = wanted) $$;

CREATE POLICY "Own memberships" ON basejump.account_user FOR SELECT TO authenticated USING (user_id = auth.uid());
CREATE POLICY "Teammates" ON basejump.account_user FOR SELECT TO authenticated USING (basejump.has_role_on_account(account_id) = true);
CREATE POLICY "Owners remove members" ON basejump.account_user FOR DELETE TO authenticated USING (
	basejump.has_role_on_account(account_id, 'owner') = true
	AND user_id <> (SELECT primary_owner_user_id FROM basejump.accounts WHERE account_id = accounts.id));
CREATE POLICY "Members" ON basejump.accounts FOR SELECT TO authenticated USING (basejump.has_role_on_account(id) = true);
CREATE POLICY "Primary owner" ON basejump.accounts FOR SELECT TO authenticated USING (primary_owner_user_id = auth.uid());
CREATE POLICY "Team accounts by any user" ON basejump.accounts FOR INSERT TO authenticated
	WITH CHECK (basejump.is_set('enable_team_accounts') = true AND personal_account = false);
CREATE POLICY "Owners edit" ON basejump.accounts FOR UPDATE TO authenticated USING (basejump.has_role_on_account(id, 'owner') = true);
CREATE POLICY "Owners see invitations" ON basejump.invitations FOR SELECT TO authenticated
	USING (created_at > now() - interval '24 hours' AND basejump.has_role_on_account(account_id, 'owner') = true);
CREATE POLICY "Owners invite" ON basejump.invitations FOR INSERT TO authenticated WITH CHECK (
	basejump.is_set('enable_team_accounts') = true
	AND (SELECT personal_account FROM basejump.accounts WHERE id = account_id) = false
	AND basejump.has_role_on_account(account_id, 'owner') = true);
CREATE POLICY "Owners withdraw" ON basejump.invitations FOR DELETE TO authenticated USING (basejump.has_role_on_account(account_id, 'owner') = true);
CREATE POLICY "Own billing" ON basejump.billing_customers FOR SELECT USING (basejump.has_role_on_account(account_id) = true);

CREATE FUNCTION lookup_invitation(lookup text) RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, basejump AS $$
BEGIN
	RETURN (SELECT json_build_object('account_name', i.account_name) FROM invitations i WHERE i.token = lookup);
END $$;
