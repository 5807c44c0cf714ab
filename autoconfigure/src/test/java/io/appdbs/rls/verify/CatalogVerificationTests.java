package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what {@link RlsVerification} finds in the catalog, and that each fix that is
 * reported removes the finding.
 */
class CatalogVerificationTests {

	@RegisterExtension
	private static final SecuredDatabases databases = new SecuredDatabases();

	@ParameterizedTest
	@MethodSource({ "roles", "memberships", "unused", "tables", "grants", "views", "routines", "settings", "names" })
	void whenThereIsAFaultThenItIsFoundAndFixed(Fault fault) throws SQLException {
		fault.assertFoundAndFixed(databases);
	}

	@Test
	void whenTheServerIsEmbeddedThenItsSuperuserMayBeTheLogin() throws SQLException {
		assertThat(databases.verify(databases.create("SELECT 1"), "username", "postgres", "rls.role", "app", "url",
				"embedded:postgresql"))
			.containsEntry("findings", List.of());
	}

	@Test
	void whenAFunctionOfAPolicyIsInASchemaWithoutUsageThenThePolicyStillCallsItAndTheRoleCannot() throws SQLException {
		String database = databases
			.create("CREATE SCHEMA IF NOT EXISTS policy; ALTER FUNCTION public.team() SET SCHEMA policy");
		try (Connection connection = databases.connect(database); Statement statement = connection.createStatement()) {
			statement.execute("SET ROLE app; SET app.current_user_id = 'alice'");
			try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM note")) {
				assertThat(rows.next()).isTrue();
				assertThat(rows.getInt(1)).isOne();
			}
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT policy.team()"))
				.withMessageStartingWith("ERROR: permission denied for schema policy");
		}
	}

	@Test
	void whenTheRoleOnlyCallsAllowedRoutinesThenThatIsWhatItIsMeantTo() throws SQLException {
		String database = databases.create("""
				CREATE ROLE caller LOGIN;
				CREATE FUNCTION count_note() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS
					$$ SELECT count(*) FROM note $$;
				""");
		assertThat(databases.verify(database, "username", "caller", "rls.allow[1]", "function count_note()"))
			.containsEntry("findings", List.of());
	}

	@Test
	void whenEverythingIsExemptThenNothingIsFound() throws SQLException {
		String database = databases.create("GRANT USAGE ON SCHEMA hidden TO app");
		assertThat(databases.verify(database, "rls.schemas", "hidden", "rls.exempt-tables", "hidden.secret"))
			.containsEntry("findings", List.of());
	}

	@Test
	void whenASettingIsMadeByTheConnectionThenThatIsWhereToRemoveIt() throws SQLException {
		assertThat(databases.verify(databases.create("SELECT 1") + "?options=-c%20app.current_user_role=clerk",
				"rls.verify", "warn"))
			.containsEntry("findings", List.of(Map.of("id", "setting-lasts", "severity", "ERROR", "object",
					"setting app.current_user_role", "reason",
					"is not empty after a transaction that set it, so statements without a user run with its value",
					"fix",
					"Do not set it when connecting ('app.dbs.notes.url', 'app.dbs.notes.hikari.connection-init-sql'), and do "
							+ "not connect through a proxy that does not keep transactions apart.")));
	}

	static List<Fault> roles() {
		return List.of(login("boss SUPERUSER", "SELECT 1",
				"[role-superuser] role boss is a superuser, and policies do not bind it.",
				"ALTER ROLE boss NOSUPERUSER; -- or let statements run as another role: 'app.dbs.notes.rls.role'"),
				new Fault("SELECT 1", "[role-superuser] role postgres is a superuser, and policies do not bind it.",
						"Let statements run as another role: 'app.dbs.notes.rls.role'", "username", "postgres"),
				login("free BYPASSRLS", "SELECT 1", "[role-bypassrls] role free has BYPASSRLS, so no policy binds it.",
						"ALTER ROLE free NOBYPASSRLS;"),
				login("climber",
						"CREATE ROLE root SUPERUSER; CREATE ROLE half; GRANT root TO half; GRANT half TO climber",
						"[role-escapes] role climber can become role root, which is a superuser.",
						"REVOKE root FROM half;"),
				login("medium NOINHERIT", "CREATE ROLE ghost BYPASSRLS; GRANT ghost TO medium",
						"[role-escapes] role medium can become role ghost, which has BYPASSRLS.",
						"REVOKE ghost FROM medium;"),
				new Fault("CREATE ROLE slave SUPERUSER; GRANT slave TO app; GRANT SELECT ON note TO slave",
						"[role-superuser] role slave is a superuser, and policies do not bind it.",
						"ALTER ROLE slave NOSUPERUSER; -- or let statements run as another role: 'app.dbs.notes.rls.role'",
						"rls.role", "slave"),
				login("standby REPLICATION", "SELECT 1",
						"[role-dangerous] role standby has REPLICATION and can read the changes of all rows from the log of the server.",
						"ALTER ROLE standby NOREPLICATION;"),
				login("holder_of_mirror", "CREATE ROLE mirror REPLICATION; GRANT mirror TO holder_of_mirror",
						"[role-dangerous] role holder_of_mirror can become role mirror, which has REPLICATION and can read the changes of all rows from the log of the server.",
						"REVOKE mirror FROM holder_of_mirror;"),
				login("clerk", "CREATE ROLE staff; GRANT pg_execute_server_program TO staff; GRANT staff TO clerk",
						"[role-dangerous] role clerk is a member of role pg_execute_server_program and can run programs on the server.",
						"REVOKE pg_execute_server_program FROM staff;"),
				login("lector NOINHERIT", "GRANT pg_read_server_files TO lector",
						"[role-dangerous] role lector is a member of role pg_read_server_files and can read the files of the server.",
						"REVOKE pg_read_server_files FROM lector;"),
				login("scribe", "GRANT pg_write_server_files TO scribe",
						"[role-dangerous] role scribe is a member of role pg_write_server_files and can write the files of the server.",
						"REVOKE pg_write_server_files FROM scribe;"),
				login("reader", "GRANT pg_read_all_data TO reader",
						"[role-dangerous] role reader is a member of role pg_read_all_data and can read all tables, also statistics, which have values of all rows.",
						"REVOKE pg_read_all_data FROM reader;", "rls.exempt-tables", "audit,hidden.secret,event_alice"),
				Fault.warn(
						"CREATE ROLE writer LOGIN; GRANT pg_write_all_data TO writer; GRANT USAGE ON SCHEMA hidden TO writer; GRANT SELECT ON hidden.secret TO writer",
						"[role-dangerous] role writer is a member of role pg_write_all_data and can write every table that has no policies.",
						"REVOKE pg_write_all_data FROM writer;", "username", "writer", "rls.schemas", "hidden",
						"rls.exempt-tables", "hidden.secret"),
				Fault.warn("CREATE ROLE dba LOGIN SUPERUSER",
						"[role-dangerous] login dba is a superuser; statements run as role app, but after RESET ROLE as the login.",
						"Connect as a login with fewer rights: 'app.dbs.notes.username'.", "username", "dba",
						"rls.role", "app"),
				Fault.warn("CREATE ROLE spy BYPASSRLS; CREATE ROLE entry LOGIN; GRANT spy, app TO entry",
						"[role-dangerous] login entry can become role spy, which has BYPASSRLS; statements run as role app, but after RESET ROLE as the login.",
						"REVOKE spy FROM entry;", "username", "entry", "rls.role", "app"));
	}

	/**
	 * Return what depends on the version of the server: memberships have options since
	 * 16, and there is {@code pg_maintain} since 17.
	 */
	static List<Fault> memberships() throws SQLException {
		boolean separate = databases.version() >= 16;
		List<Fault> faults = new ArrayList<>(List.of(
				new Fault(separate ? Severity.WARN : Severity.ERROR,
						"CREATE ROLE maker LOGIN CREATEROLE; GRANT SELECT ON note TO maker",
						"[role-dangerous] role maker has CREATEROLE and can "
								+ (separate ? "create logins." : "make itself a member of other roles."),
						"ALTER ROLE maker NOCREATEROLE;", "username", "maker"),
				unavailable("far", "SELECT 1", separate),
				unavailable("farther", separate ? "GRANT farther TO app WITH SET FALSE" : "SELECT 1", separate),
				login("lead", "CREATE ROLE shade BYPASSRLS; GRANT shade TO lead " + (separate
						? "WITH ADMIN TRUE, INHERIT FALSE, SET FALSE" : "WITH ADMIN OPTION"), separate
								? "[role-dangerous] role lead can make itself a member of role shade, which has BYPASSRLS."
								: "[role-escapes] role lead can become role shade, which has BYPASSRLS.",
						"REVOKE shade FROM lead;"),
				login("acolyte",
						"CREATE ROLE spirit BYPASSRLS; CREATE ROLE priest; GRANT spirit TO priest WITH ADMIN OPTION; SET ROLE priest; GRANT spirit TO acolyte",
						"[role-escapes] role acolyte can become role spirit, which has BYPASSRLS.",
						"REVOKE spirit FROM acolyte" + (separate ? " GRANTED BY priest;" : ";")),
				login("cultist",
						"CREATE ROLE demon BYPASSRLS; GRANT demon TO cultist WITH ADMIN OPTION; CREATE ROLE victim; SET ROLE cultist; GRANT demon TO victim",
						"[role-escapes] role cultist can become role demon, which has BYPASSRLS.",
						"REVOKE demon FROM cultist CASCADE;")));
		if (databases.version() >= 17) {
			faults.add(Fault.warn(
					"CREATE ROLE janitor LOGIN; GRANT SELECT ON note TO janitor; GRANT pg_maintain TO janitor",
					"[role-dangerous] role janitor is a member of role pg_maintain and can lock and rewrite every table.",
					"REVOKE pg_maintain FROM janitor;", "username", "janitor"));
		}
		return faults;
	}

	private static Fault unavailable(String role, String sql, boolean separate) {
		return new Fault("CREATE ROLE %1$s; GRANT SELECT ON note TO %1$s; %2$s".formatted(role, sql),
				"[role-unavailable] role app cannot become role %s, so no statement can run as 'app.dbs.notes.rls.role'."
					.formatted(role),
				"GRANT %s TO app%s;".formatted(role, separate ? " WITH SET TRUE" : ""), "rls.role", role);
	}

	/**
	 * Return what is wrong with a login that may read notes.
	 * @param definition the name, which attributes may follow
	 */
	private static Fault login(String definition, String sql, String finding, String fix, String... settings) {
		String login = definition.split(" ")[0];
		return new Fault("CREATE ROLE %s LOGIN; GRANT SELECT ON note TO %s; %s".formatted(definition, login, sql),
				finding, fix, Stream.concat(Stream.of("username", login), Stream.of(settings)).toArray(String[]::new));
	}

	static List<Fault> unused() {
		String grant = "Grant what the application uses, such as SELECT on a table and USAGE on its schema";
		return List.of(
				new Fault("CREATE ROLE idle LOGIN",
						"[nothing-examined] role idle may use no table, so nothing is proved.",
						grant + ". Schemas with tables: hidden, public.", "username", "idle"),
				new Fault("CREATE SCHEMA empty",
						"[nothing-examined] role app may use no table in 'app.dbs.notes.rls.schemas' (empty), so nothing is proved.",
						grant + ", or correct 'app.dbs.notes.rls.schemas'. Schemas with tables: hidden, public.",
						"rls.schemas", "empty"),
				new Fault(
						"DROP SCHEMA hidden CASCADE; DROP TABLE note, comment, event, shared, audit CASCADE; DROP VIEW today; DROP FUNCTION team",
						"[nothing-examined] role app may use no table, so nothing is proved.",
						grant + ". Schemas with tables: public.", "rls.allow[0]", "select on flyway_schema_history"));
	}

	static List<Fault> tables() {
		return List.of(new Fault(
				"CREATE TABLE diary (id int, owner text); GRANT SELECT, UPDATE (owner) ON diary TO app",
				"[table-not-secured] table public.diary has no row-level security, but role app may SELECT, UPDATE there.",
				"ALTER TABLE public.diary ENABLE ROW LEVEL SECURITY; CREATE POLICY diary_rows ON public.diary USING (<column> = {user});"),
				new Fault(
						"CREATE TABLE \"My Diary\" (id int, owner text); CREATE POLICY own ON \"My Diary\" USING (owner = {user}); GRANT DELETE, SELECT (id) ON \"My Diary\" TO app",
						"[table-not-secured] table public.\"My Diary\" has no row-level security, but role app may SELECT, DELETE there.",
						"ALTER TABLE public.\"My Diary\" ENABLE ROW LEVEL SECURITY;"),
				new Fault(
						"CREATE TABLE diary (owner text); ALTER TABLE diary OWNER TO app; CREATE POLICY own ON diary USING (owner = {user}); ALTER TABLE diary ENABLE ROW LEVEL SECURITY",
						"[table-not-forced] table public.diary is owned by role app, which its policies therefore do not bind.",
						"ALTER TABLE public.diary FORCE ROW LEVEL SECURITY;"),
				new Fault(
						"CREATE ROLE holder; CREATE ROLE guest LOGIN; GRANT holder TO guest; CREATE TABLE held (owner text); ALTER TABLE held OWNER TO holder; CREATE POLICY own ON held USING (owner = {user}); ALTER TABLE held ENABLE ROW LEVEL SECURITY",
						"[table-not-forced] table public.held is owned by role holder, which its policies do not bind, and role guest is a member of it.",
						"ALTER TABLE public.held FORCE ROW LEVEL SECURITY;", "username", "guest"),
				new Fault("GRANT SELECT ON event_alice TO app",
						"[table-not-secured] table public.event_alice lets role app SELECT past the policies of its parent public.event.",
						"ALTER TABLE public.event_alice ENABLE ROW LEVEL SECURITY;"),
				new Fault("CREATE TABLE note_copy () INHERITS (note); GRANT DELETE ON note_copy TO app",
						"[table-not-secured] table public.note_copy lets role app DELETE past the policies of its parent public.note.",
						"ALTER TABLE public.note_copy ENABLE ROW LEVEL SECURITY;"),
				new Fault(
						"CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE remote (id int) SERVER s; GRANT SELECT ON remote TO app, PUBLIC",
						"[table-without-policies] foreign table public.remote cannot have policies, but role app may SELECT there.",
						"REVOKE ALL ON public.remote FROM PUBLIC; REVOKE ALL ON public.remote FROM app;"),
				Fault.warn("ALTER TABLE comment ADD owner text; GRANT UPDATE, DELETE ON comment TO app",
						"[policy-missing] table public.comment has no policy for UPDATE, DELETE, which role app is granted, so it can reach no row.",
						"REVOKE UPDATE, DELETE ON public.comment FROM app;"),
				Fault.warn(
						"ALTER TABLE audit ENABLE ROW LEVEL SECURITY; ALTER TABLE audit ADD owner text; CREATE POLICY keepers ON audit TO keeper USING (owner = {user}); GRANT INSERT (id) ON audit TO PUBLIC",
						"[policy-missing] table public.audit has no policy for INSERT, which role app is granted, so it can reach no row.",
						"REVOKE INSERT ON public.audit FROM PUBLIC;"),
				Fault.warn(
						"CREATE TABLE diary (owner text); ALTER TABLE diary ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON diary FOR SELECT USING (owner = {user}); CREATE ROLE authors; GRANT authors TO app; GRANT SELECT ON diary TO app; GRANT INSERT ON diary TO authors",
						"[policy-missing] table public.diary has no policy for INSERT, which role app is granted, so it can reach no row.",
						"REVOKE INSERT ON public.diary FROM authors; -- or CREATE POLICY diary_insert ON public.diary FOR INSERT TO app WITH CHECK (owner = {stored user});"));
	}

	static List<Fault> grants() {
		return List.of(truncate("note", "GRANT TRUNCATE ON note TO app", "REVOKE TRUNCATE ON public.note FROM app;"),
				truncate("audit", "GRANT TRUNCATE ON audit TO app", "REVOKE TRUNCATE ON public.audit FROM app;"),
				truncate("note", "CREATE ROLE crew; GRANT crew TO app; GRANT SELECT, TRUNCATE ON note TO PUBLIC, crew",
						"REVOKE TRUNCATE ON public.note FROM PUBLIC; REVOKE TRUNCATE ON public.note FROM crew;"),
				truncate("note",
						"CREATE ROLE lender; GRANT TRUNCATE ON note TO lender WITH GRANT OPTION; SET ROLE lender; GRANT TRUNCATE ON note TO app",
						"SET ROLE lender; REVOKE TRUNCATE ON public.note FROM app; RESET ROLE;"),
				truncate("note",
						"CREATE ROLE passenger; GRANT TRUNCATE ON note TO app WITH GRANT OPTION; SET ROLE app; GRANT TRUNCATE ON note TO PUBLIC, passenger",
						"REVOKE TRUNCATE ON public.note FROM app CASCADE;"),
				Fault.warn("GRANT TRIGGER, REFERENCES (id) ON note TO app",
						"[ddl-granted] table public.note lets role app create triggers, which run with the rights of any role that writes to the table, and foreign keys, which reveal whether a row of another user exists.",
						"REVOKE TRIGGER, REFERENCES ON public.note FROM app;"));
	}

	private static Fault truncate(String table, String sql, String fix) {
		return new Fault(sql,
				"[truncate-granted] table public.%s lets role app TRUNCATE it, which removes the rows of all users."
					.formatted(table),
				fix);
	}

	static List<Fault> views() {
		return List.of(new Fault("CREATE VIEW all_note AS SELECT * FROM note; GRANT SELECT ON all_note TO app",
				"[view-bypasses-policies] view public.all_note reads table public.note with the rights of role postgres, which its policies do not bind.",
				"ALTER VIEW public.all_note SET (security_invoker = true);"),
				new Fault(
						"CREATE VIEW inner_note AS SELECT * FROM note; CREATE VIEW outer_note WITH (security_invoker) AS SELECT * FROM inner_note; GRANT SELECT ON outer_note TO app",
						"[view-bypasses-policies] view public.outer_note reads table public.note with the rights of role postgres, which its policies do not bind.",
						"ALTER VIEW public.inner_note SET (security_invoker = true);"),
				new Fault(
						"CREATE VIEW inner_note WITH (security_invoker) AS SELECT * FROM note; CREATE VIEW outer_note AS SELECT * FROM inner_note; GRANT DELETE ON outer_note TO app",
						"[view-bypasses-policies] view public.outer_note reads table public.note with the rights of role postgres, which its policies do not bind.",
						"ALTER VIEW public.outer_note SET (security_invoker = true);"),
				new Fault(
						"SET ROLE keeper; CREATE VIEW all_comment AS SELECT * FROM comment; GRANT SELECT ON all_comment TO app",
						"[view-bypasses-policies] view public.all_comment reads table public.comment with the rights of role keeper, which its policies do not bind.",
						"ALTER VIEW public.all_comment SET (security_invoker = true);"),
				new Fault("CREATE VIEW all_audit AS SELECT * FROM audit; GRANT SELECT ON all_audit TO app",
						"[view-bypasses-policies] view public.all_audit reads table public.audit with the rights of role postgres, and no policy filters that.",
						"ALTER VIEW public.all_audit SET (security_invoker = true);"),
				new Fault(
						"CREATE MATERIALIZED VIEW count_note AS SELECT count(*) FROM my_note; GRANT SELECT ON count_note TO app",
						"[view-bypasses-policies] materialized view public.count_note holds a copy of rows of table public.note, which no policy filters, and role app may read it.",
						"REVOKE ALL ON public.count_note FROM app;"),
				new Fault(
						"CREATE MATERIALIZED VIEW count_note AS SELECT count(*) FROM note; CREATE VIEW numbers AS SELECT * FROM count_note; GRANT SELECT ON numbers TO app",
						"[view-bypasses-policies] view public.numbers reads materialized view public.count_note with the rights of role postgres, and no policy filters that.",
						"ALTER VIEW public.numbers SET (security_invoker = true);"));
	}

	static List<Fault> routines() {
		return List.of(new Fault(
				"CREATE FUNCTION all_note(a int, b text DEFAULT '') RETURNS SETOF note LANGUAGE sql SECURITY DEFINER AS $$ SELECT * FROM note $$",
				"[routine-bypasses-policies] function public.all_note(a integer, b text) runs with the rights of role postgres, which policies do not bind, and role app may call it.",
				"ALTER FUNCTION public.all_note(a integer, b text) SECURITY INVOKER; -- or REVOKE EXECUTE ON FUNCTION public.all_note(a integer, b text) FROM PUBLIC;"),
				new Fault(
						"CREATE ROLE callers; GRANT callers TO app; CREATE FUNCTION all_note() RETURNS SETOF note LANGUAGE sql SECURITY DEFINER AS $$ SELECT * FROM note $$; REVOKE EXECUTE ON FUNCTION all_note FROM PUBLIC; GRANT EXECUTE ON FUNCTION all_note TO callers, app",
						"[routine-bypasses-policies] function public.all_note() runs with the rights of role postgres, which policies do not bind, and role app may call it.",
						"ALTER FUNCTION public.all_note() SECURITY INVOKER; -- or REVOKE EXECUTE ON FUNCTION public.all_note() FROM app; REVOKE EXECUTE ON FUNCTION public.all_note() FROM callers;"),
				new Fault(
						"SET ROLE keeper; CREATE PROCEDURE wipe(n int) LANGUAGE sql SECURITY DEFINER AS $$ DELETE FROM comment $$",
						"[routine-bypasses-policies] procedure public.wipe(IN n integer) runs with the rights of role keeper, which policies do not bind, and role app may call it.",
						"ALTER PROCEDURE public.wipe(IN n integer) SECURITY INVOKER; -- or REVOKE EXECUTE ON PROCEDURE public.wipe(IN n integer) FROM PUBLIC;"),
				Fault.warn("SELECT 1",
						"[routine-bypasses-policies] function public.team() runs with the rights of role postgres, which policies do not bind, and role app may call it although only policies need it.",
						"CREATE SCHEMA IF NOT EXISTS policy; ALTER FUNCTION public.team() SET SCHEMA policy;",
						"rls.allow[0]", "policy team on note"));
	}

	static List<Fault> settings() {
		return List.of(lasting(
				"CREATE ROLE preset LOGIN; GRANT SELECT ON note TO preset; ALTER ROLE preset SET app.current_user_role = 'clerk'",
				"ALTER ROLE preset RESET app.current_user_role;", "username", "preset"),
				lasting("ALTER DATABASE {} SET app.current_user_role = 'clerk'",
						"ALTER DATABASE {} RESET app.current_user_role;"),
				lasting("ALTER ROLE app IN DATABASE {} SET app.current_user_role = 'clerk'; ALTER DATABASE {} SET app.current_user_role = 'clerk'",
						"ALTER DATABASE {} RESET app.current_user_role; ALTER ROLE app IN DATABASE {} RESET app.current_user_role;"),
				lasting("ALTER ROLE ALL SET app.current_user_role = 'clerk'",
						"ALTER ROLE ALL RESET app.current_user_role;"));
	}

	private static Fault lasting(String sql, String fix, String... settings) {
		return new Fault(sql,
				"[setting-lasts] setting app.current_user_role is not empty after a transaction that set it, so statements without a user run with its value.",
				fix, settings);
	}

	static List<Fault> names() {
		return List.of(
				new Fault("SELECT 1", "[unknown-name] exempt table nte does not exist.",
						"Correct 'app.dbs.notes.rls.exempt-tables'. A table without schema is looked for in: public.",
						"rls.exempt-tables", "note,public.note,nte,hidden.secret"),
				new Fault("SELECT 1", "[unknown-name] schema publik does not exist, so nothing in it is verified.",
						"Correct 'app.dbs.notes.rls.schemas'. Known: hidden, public.", "rls.schemas", "public,publik"));
	}

}
