package io.appdbs.privilege;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.appdbs.rls.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrivilegeVerification} with PostgreSQL.
 */
class PostgreSqlPrivilegesTests {

	private static final String SCHEMA = """
			CREATE ROLE keeper;
			CREATE ROLE app LOGIN;
			ALTER DATABASE shop OWNER TO keeper;
			CREATE TABLE orders (id bigserial PRIMARY KEY, note text);
			CREATE TABLE customer (id bigint);
			CREATE TABLE flyway_schema_history (installed_rank int);
			CREATE VIEW note AS SELECT note FROM orders;
			CREATE SCHEMA sales;
			CREATE TABLE sales."Order Lines" (id bigint);
			ALTER TABLE orders OWNER TO keeper;
			ALTER TABLE customer OWNER TO keeper;
			ALTER VIEW note OWNER TO keeper;
			GRANT SELECT, INSERT, UPDATE, DELETE ON orders, customer TO app;
			GRANT SELECT ON note TO app;
			CREATE EXTENSION pg_stat_statements;
			CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN NEW; END $$;
			""";

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("shop", SCHEMA);

	private static final AtomicInteger count = new AtomicInteger();

	@ParameterizedTest
	@MethodSource({ "attributes", "memberships", "owned", "grants", "needed", "allowed" })
	void whenALoginCanDoMoreThenItIsFoundAndFixed(PrivilegeCase privilege) throws SQLException {
		String login = "login_" + count.incrementAndGet();
		String database = "shop_" + count.get();
		server.execute("postgres", "CREATE DATABASE %s TEMPLATE shop OWNER keeper".formatted(database));
		server.execute(database,
				"CREATE ROLE %s LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON orders, customer TO %1$s; GRANT SELECT ON note TO %1$s; GRANT USAGE ON SEQUENCE orders_id_seq TO %1$s"
					.formatted(login));
		PrivilegeCase named = new PrivilegeCase(name(privilege.sql(), login, database),
				name(privilege.finding(), login, database), privilege.settings());
		named.assertFoundAndFixed("postgresql://%s@%s/%s".formatted(login, server.address(), database),
				(sql) -> server.execute(database, sql));
	}

	private static String name(String text, String login, String database) {
		return text.replace("{login}", login).replace("{db}", database);
	}

	@Test
	void whenALoginOnlyUsesRowsThenNothingIsFound() throws SQLException {
		assertThat(PrivilegeCase.verify(PrivilegeCase.define(url("app"), "privileges.verify", "fail")))
			.containsEntry("login", "app")
			.containsEntry("findings", List.of());
	}

	@Test
	void whenALoginIsTheSuperuserThenThatIsAllThatIsFound() throws SQLException {
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url("postgres")))).containsExactly(
				"[superuser] postgres: is a superuser, so it can do everything. => Connect as a login with fewer rights: 'app.dbs.orders.username'.");
	}

	@Test
	void whenALoginIsAMemberOfPredefinedRolesThenEachIsFound() throws SQLException {
		server.execute("""
				CREATE ROLE member LOGIN;
				DO $$ BEGIN EXECUTE (SELECT 'GRANT ' || string_agg(rolname, ', ') || ' TO member' FROM pg_roles
				WHERE rolname LIKE 'pg\\_%' AND rolname <> 'pg_database_owner'); END $$
				""");
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url("member")))).containsExactlyElementsOf("""
				pg_checkpoint and can make the server write checkpoints
				pg_create_subscription and can copy tables of other servers
				pg_execute_server_program and can run programs on the server
				pg_maintain and can lock and rewrite every table
				pg_monitor and can read the statements of other sessions and all settings
				pg_read_all_data and can read all tables, also statistics, which have values of all rows
				pg_read_all_settings and can read all settings, also those of superusers
				pg_read_all_stats and can read the statements of other sessions
				pg_read_server_files and can read the files of the server
				pg_signal_autovacuum_worker and can end the workers of autovacuum
				pg_signal_backend and can end the sessions of others
				pg_stat_scan_tables and can lock every table while a function scans it
				pg_use_reserved_connections and can use up connections that are reserved for others
				pg_write_all_data and can write every table that has no policies
				pg_write_server_files and can write the files of the server
				""".lines().map((line) -> {
			String role = line.substring(0, line.indexOf(' '));
			return "[member-of-powerful-role] %s: is a member of role %s. => REVOKE %1$s FROM member;".formatted(role,
					line);
		}).toList());
	}

	private static String url(String login) {
		return "postgresql://%s@%s/shop".formatted(login, server.address());
	}

	static List<PrivilegeCase> attributes() {
		return List.of(found("ALTER ROLE {login} SUPERUSER",
				"[superuser] {login}: is a superuser, so it can do everything. => ALTER ROLE {login} NOSUPERUSER; -- or Connect as a login with fewer rights: 'app.dbs.orders.username'."),
				found("ALTER ROLE {login} BYPASSRLS",
						"[bypassrls] {login}: has BYPASSRLS. => ALTER ROLE {login} NOBYPASSRLS;"),
				found("ALTER ROLE {login} CREATEROLE",
						"[createrole] {login}: has CREATEROLE and can create logins. => ALTER ROLE {login} NOCREATEROLE;"),
				found("ALTER ROLE {login} CREATEDB",
						"[createdb] {login}: has CREATEDB and can create databases. => ALTER ROLE {login} NOCREATEDB;"),
				found("ALTER ROLE {login} REPLICATION",
						"[replication] {login}: has REPLICATION and can read the changes of all rows from the log of the server. => ALTER ROLE {login} NOREPLICATION;"));
	}

	static List<PrivilegeCase> memberships() {
		return List.of(found("GRANT pg_write_all_data TO {login}",
				"[member-of-powerful-role] pg_write_all_data: is a member of role pg_write_all_data and can write every table that has no policies. => REVOKE pg_write_all_data FROM {login};"),
				found("GRANT pg_monitor TO {login}",
						"[member-of-powerful-role] pg_monitor: is a member of role pg_monitor and can read the statements of other sessions and all settings. => REVOKE pg_monitor FROM {login};"),
				found("CREATE ROLE half_{login}; GRANT pg_read_all_settings TO half_{login} WITH SET FALSE; GRANT half_{login} TO {login} WITH INHERIT FALSE",
						"[member-of-powerful-role] pg_read_all_settings: is a member of role pg_read_all_settings and can read all settings, also those of superusers. => REVOKE pg_read_all_settings FROM half_{login};"),
				found("ALTER ROLE {login} NOINHERIT; GRANT pg_signal_backend TO {login}",
						"[member-of-powerful-role] pg_signal_backend: is a member of role pg_signal_backend and can end the sessions of others. => REVOKE pg_signal_backend FROM {login};"),
				found("CREATE ROLE root_{login} SUPERUSER; GRANT root_{login} TO {login}",
						"[member-of-powerful-role] root_{login}: can become role root_{login}, which is a superuser. => REVOKE root_{login} FROM {login};"),
				found("ALTER ROLE {login} NOINHERIT; CREATE ROLE maker_{login} CREATEDB; GRANT maker_{login} TO {login}",
						"[member-of-powerful-role] maker_{login}: can become role maker_{login}, which has CREATEDB and can create databases. => REVOKE maker_{login} FROM {login};"),
				found("ALTER ROLE {login} NOINHERIT; CREATE ROLE owner_{login}; GRANT owner_{login} TO {login}; ALTER TABLE customer OWNER TO owner_{login}; ALTER TABLE orders OWNER TO owner_{login}",
						"[member-of-powerful-role] owner_{login}: is a member of role owner_{login}, which owns public.customer and 1 other objects. => REVOKE owner_{login} FROM {login};"),
				found("CREATE ROLE half_{login}; CREATE ROLE owner_{login}; GRANT owner_{login} TO half_{login}; GRANT half_{login} TO {login}; ALTER TABLE customer OWNER TO owner_{login}",
						"[member-of-powerful-role] owner_{login}: is a member of role owner_{login}, which owns public.customer. => REVOKE owner_{login} FROM half_{login};"),
				found("CREATE ROLE writers_{login}; GRANT TRUNCATE ON orders TO writers_{login}; GRANT writers_{login} TO {login}",
						"[may-truncate] public.orders: may remove all rows, past policies and row triggers. => REVOKE TRUNCATE ON TABLE public.orders FROM writers_{login};"),
				found("CREATE ROLE writers_{login}; CREATE ROLE half_{login}; GRANT TRUNCATE ON orders TO writers_{login}; GRANT writers_{login} TO half_{login} WITH SET FALSE; GRANT half_{login} TO {login} WITH INHERIT FALSE",
						"[may-truncate] public.orders: may remove all rows, past policies and row triggers. => REVOKE TRUNCATE ON TABLE public.orders FROM writers_{login};"));
	}

	static List<PrivilegeCase> owned() {
		return List.of(found("ALTER DATABASE {db} OWNER TO {login}",
				"[owns-database] {db}: owns the database, so it can drop it and create schemas. => ALTER DATABASE {db} OWNER TO postgres;"),
				found("ALTER SCHEMA sales OWNER TO {login}",
						"[owns-schema] sales: owns the schema, so it can drop it. => ALTER SCHEMA sales OWNER TO keeper; GRANT USAGE ON SCHEMA sales TO {login};"),
				found("ALTER TABLE orders OWNER TO {login}",
						"[owns-table] public.orders: owns the table, so it can alter, truncate and drop it. => ALTER TABLE public.orders OWNER TO keeper; GRANT SELECT, INSERT, UPDATE, DELETE ON public.orders TO {login}; GRANT USAGE ON SEQUENCE public.orders_id_seq TO {login};"),
				found("ALTER VIEW note OWNER TO {login}",
						"[owns-table] public.note: owns the view, so it can alter, truncate and drop it. => ALTER VIEW public.note OWNER TO keeper; GRANT SELECT, INSERT, UPDATE, DELETE ON public.note TO {login};"),
				found("GRANT USAGE ON SCHEMA sales TO {login}; ALTER TABLE sales.\"Order Lines\" OWNER TO {login}",
						"[owns-table] sales.\"Order Lines\": owns the table, so it can alter, truncate and drop it. => ALTER TABLE sales.\"Order Lines\" OWNER TO keeper; GRANT SELECT, INSERT, UPDATE, DELETE ON sales.\"Order Lines\" TO {login};"),
				found("CREATE ROLE migrator_{login}; ALTER TABLE customer OWNER TO {login}",
						"[owns-table] public.customer: owns the table, so it can alter, truncate and drop it. => ALTER TABLE public.customer OWNER TO keeper; GRANT SELECT, INSERT, UPDATE, DELETE ON public.customer TO {login};",
						"flyway.user", "missing"),
				found("ALTER TABLE flyway_schema_history OWNER TO {login}",
						"[may-write-migration-history] public.flyway_schema_history: owns the history of migrations, so it can write it. => ALTER TABLE public.flyway_schema_history OWNER TO keeper;"),
				found("ALTER TABLE flyway_schema_history OWNER TO {login}; ALTER TABLE customer OWNER TO {login}; GRANT CREATE ON SCHEMA public TO {login}",
						"[one-login] {login}: also migrates the database, so the application can change and drop what it has: public.customer, public.flyway_schema_history, public."
								+ " => Migrate with another login, 'app.dbs.orders.flyway.username' or 'app.dbs.orders.liquibase.user', and then: ALTER TABLE public.customer OWNER TO keeper; GRANT SELECT, INSERT, UPDATE, DELETE ON public.customer TO {login}; ALTER TABLE public.flyway_schema_history OWNER TO keeper; REVOKE CREATE ON SCHEMA public FROM {login};"));
	}

	static List<PrivilegeCase> grants() {
		return List.of(found("GRANT CREATE ON DATABASE {db} TO {login}",
				"[create-on-database] {db}: may create schemas. => REVOKE CREATE ON DATABASE {db} FROM {login};"),
				found("GRANT CREATE ON SCHEMA public TO PUBLIC",
						"[create-on-schema] public: may create tables, functions and types there. => REVOKE CREATE ON SCHEMA public FROM PUBLIC;"),
				found("GRANT TRUNCATE ON orders TO {login}",
						"[may-truncate] public.orders: may remove all rows, past policies and row triggers. => REVOKE TRUNCATE ON TABLE public.orders FROM {login};"),
				found("GRANT MAINTAIN ON orders TO {login}",
						"[may-maintain] public.orders: may lock and rewrite it. => REVOKE MAINTAIN ON TABLE public.orders FROM {login};"),
				found("GRANT INSERT, DELETE ON flyway_schema_history TO {login}",
						"[may-write-migration-history] public.flyway_schema_history: may change the history of migrations. => REVOKE DELETE ON TABLE public.flyway_schema_history FROM {login}; REVOKE INSERT ON TABLE public.flyway_schema_history FROM {login};"),
				found("ALTER TABLE flyway_schema_history RENAME TO my_history; GRANT UPDATE ON my_history TO PUBLIC",
						"[may-write-migration-history] public.my_history: may change the history of migrations. => REVOKE UPDATE ON TABLE public.my_history FROM PUBLIC;",
						"flyway.table", "my_history"),
				found("CREATE TABLE databasechangelog (id text); GRANT UPDATE ON databasechangelog TO {login}",
						"[may-write-migration-history] public.databasechangelog: may change the history of migrations. => REVOKE UPDATE ON TABLE public.databasechangelog FROM {login};"),
				found("GRANT SELECT, INSERT ON customer TO PUBLIC",
						"[public-may-use] public.customer: like every other login, may use it. => REVOKE INSERT ON TABLE public.customer FROM PUBLIC; REVOKE SELECT ON TABLE public.customer FROM PUBLIC;"),
				found("GRANT SELECT, TRUNCATE ON customer TO PUBLIC",
						"[may-truncate] public.customer: may remove all rows, past policies and row triggers. => REVOKE TRUNCATE ON TABLE public.customer FROM PUBLIC;",
						"privileges.allow", "public-may-use public.customer"),
				found("GRANT SELECT, MAINTAIN ON customer TO PUBLIC",
						"[may-maintain] public.customer: may lock and rewrite it. => REVOKE MAINTAIN ON TABLE public.customer FROM PUBLIC;",
						"privileges.allow", "public-may-use public.customer"),
				found("GRANT TRUNCATE ON customer TO PUBLIC, {login}",
						"[public-may-use] public.customer: like every other login, may use it. => REVOKE TRUNCATE ON TABLE public.customer FROM PUBLIC;",
						"privileges.allow", "may-truncate"),
				found("GRANT SELECT ON pg_authid TO {login}",
						"[uses-system-schema] pg_catalog.pg_authid: has been granted what belongs to the server itself. => REVOKE SELECT ON TABLE pg_catalog.pg_authid FROM {login};"),
				found("GRANT SELECT (rolpassword, oid), UPDATE (rolpassword) ON pg_authid TO PUBLIC",
						"[uses-system-schema] pg_catalog.pg_authid: has been granted what belongs to the server itself. => REVOKE SELECT (oid) ON TABLE pg_catalog.pg_authid FROM PUBLIC; REVOKE SELECT (rolpassword) ON TABLE pg_catalog.pg_authid FROM PUBLIC; REVOKE UPDATE (rolpassword) ON TABLE pg_catalog.pg_authid FROM PUBLIC;"),
				found("CREATE ROLE reader_{login}; GRANT EXECUTE ON FUNCTION pg_read_file(text) TO reader_{login}; GRANT reader_{login} TO {login}",
						"[uses-system-schema] pg_catalog.pg_read_file(text): has been granted what belongs to the server itself. => REVOKE EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) FROM reader_{login};"),
				found("GRANT SELECT ON customer TO {login} WITH GRANT OPTION",
						"[grant-option] public.customer: may grant SELECT to others. => REVOKE GRANT OPTION FOR SELECT ON TABLE public.customer FROM {login} CASCADE;"),
				found("CREATE ROLE admin_{login}; GRANT TRUNCATE ON orders TO admin_{login} WITH GRANT OPTION; SET ROLE admin_{login}; GRANT TRUNCATE ON orders TO {login}; RESET ROLE",
						"[may-truncate] public.orders: may remove all rows, past policies and row triggers. => SET ROLE admin_{login}; REVOKE TRUNCATE ON TABLE public.orders FROM {login}; RESET ROLE;"),
				found("CREATE FUNCTION public.everything(text) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$",
						"[executes-as-superuser] public.everything(text): may call it, and it runs with the rights of a superuser. => REVOKE EXECUTE ON FUNCTION public.everything(text) FROM PUBLIC;"),
				found("CREATE PROCEDURE everything_else() LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$; REVOKE ALL ON PROCEDURE everything_else FROM PUBLIC; GRANT EXECUTE ON PROCEDURE everything_else TO {login}",
						"[executes-as-superuser] public.everything_else(): may call it, and it runs with the rights of a superuser. => REVOKE EXECUTE ON PROCEDURE public.everything_else() FROM {login};"));
	}

	static List<PrivilegeCase> needed() {
		String customer = "privileges.needed.customer";
		String crud = "SELECT, INSERT, UPDATE, DELETE";
		return List.of(needed("REVOKE INSERT, DELETE ON orders FROM {login}",
				"[missing-grant] public.orders: lacks INSERT, DELETE. => GRANT USAGE ON SCHEMA \"public\" TO {login}; GRANT INSERT, DELETE ON TABLE \"public\".\"orders\" TO {login};",
				"privileges.needed.orders", crud, customer, crud),
				needed("REVOKE USAGE ON SEQUENCE orders_id_seq FROM {login}",
						"[missing-grant] public.orders_id_seq: lacks USAGE, which INSERT on public.orders needs. => GRANT USAGE ON SEQUENCE public.orders_id_seq TO {login};",
						"privileges.needed.orders", crud, customer, crud),
				needed("REVOKE USAGE ON SEQUENCE orders_id_seq FROM {login}; GRANT UPDATE ON SEQUENCE orders_id_seq TO {login}; CREATE SEQUENCE shared; CREATE TABLE item (id bigint DEFAULT nextval('shared'), other bigint DEFAULT nextval('shared'), own bigint GENERATED ALWAYS AS IDENTITY, unused bigserial); ALTER TABLE item ALTER unused DROP DEFAULT; GRANT INSERT ON item TO {login}",
						"[missing-grant] public.shared: lacks USAGE, which INSERT on public.item needs. => GRANT USAGE ON SEQUENCE public.shared TO {login};",
						"privileges.needed.orders", crud, customer, crud, "privileges.needed.item", "INSERT"),
				needed("SELECT 1",
						"[missing-grant] sales.\"Order Lines\": lacks SELECT. => GRANT USAGE ON SCHEMA \"sales\" TO {login}; GRANT SELECT ON TABLE \"sales\".\"Order Lines\" TO {login};",
						"privileges.needed.orders", crud, customer, crud, "privileges.needed.[sales.\"Order Lines\"]",
						"select"),
				needed("SELECT 1",
						"[excess-grant] public.orders: has DELETE, UPDATE, which it does not need. => REVOKE DELETE ON TABLE public.orders FROM {login}; REVOKE UPDATE ON TABLE public.orders FROM {login};",
						"privileges.needed.orders", "SELECT,INSERT", customer, crud),
				needed("GRANT SELECT (installed_rank) ON flyway_schema_history TO {login}; GRANT USAGE ON SCHEMA sales TO {login}; GRANT UPDATE (id) ON sales.\"Order Lines\" TO {login}",
						"[excess-grant] sales.\"Order Lines\": has UPDATE, which it does not need. => REVOKE UPDATE (id) ON TABLE sales.\"Order Lines\" FROM {login};",
						"privileges.needed.orders", crud, customer, crud));
	}

	private static PrivilegeCase needed(String sql, String finding, String... settings) {
		String[] all = Stream.concat(Stream.of(settings), Stream.of("privileges.needed.note", "SELECT"))
			.toArray(String[]::new);
		return found(sql, finding, all);
	}

	static List<PrivilegeCase> allowed() {
		return List.of(found("GRANT TRUNCATE ON orders, customer TO {login}",
				"[may-truncate] public.customer: may remove all rows, past policies and row triggers. => REVOKE TRUNCATE ON TABLE public.customer FROM {login};",
				"privileges.allow", "may-truncate public.ord*"),
				found("GRANT TRUNCATE ON orders TO {login}; GRANT CREATE ON SCHEMA public TO {login}",
						"[create-on-schema] public: may create tables, functions and types there. => REVOKE CREATE ON SCHEMA public FROM {login};",
						"privileges.needed.orders", "SELECT,INSERT,UPDATE,DELETE,TRUNCATE",
						"privileges.needed.customer", "SELECT,INSERT,UPDATE,DELETE", "privileges.needed.note",
						"SELECT"),
				found("ALTER TABLE flyway_schema_history OWNER TO {login}; ALTER TABLE customer OWNER TO {login}; ALTER ROLE {login} CREATEDB",
						"[createdb] {login}: has CREATEDB and can create databases. => ALTER ROLE {login} NOCREATEDB;",
						"privileges.allow", "one-login"));
	}

	private static PrivilegeCase found(String sql, String finding, String... settings) {
		return new PrivilegeCase(sql, Objects.requireNonNull(finding), settings);
	}

}
