package io.appdbs.privilege;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.VerificationFailedException;
import io.appdbs.rls.PostgresServer;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the verification of privileges in an application.
 */
@ExtendWith(OutputCaptureExtension.class)
class PrivilegeVerificationTests {

	private static final AtomicInteger count = new AtomicInteger();

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", """
			CREATE ROLE keeper;
			CREATE ROLE app LOGIN;
			ALTER DATABASE orders OWNER TO keeper;
			CREATE TABLE note (id int, owner text);
			ALTER TABLE note OWNER TO keeper;
			ALTER TABLE note ENABLE ROW LEVEL SECURITY;
			CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
			GRANT SELECT ON note TO app;
			CREATE TABLE plain (id int);
			CREATE ROLE policed;
			CREATE ROLE past LOGIN BYPASSRLS;
			GRANT policed TO past;
			GRANT SELECT ON note TO policed, past;
			CREATE SCHEMA other;
			GRANT USAGE ON SCHEMA other TO past;
			CREATE TABLE other.line (id int);
			GRANT TRUNCATE ON note, other.line TO past;
			CREATE FUNCTION other.everything() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
			""");

	private static final String FINDING = "[may-truncate] public.note: may remove all rows, past policies and row triggers. Fix: REVOKE TRUNCATE ON TABLE public.note FROM truncater;";

	private static void createTruncater() throws SQLException {
		if (count.getAndIncrement() == 0) {
			server.execute("CREATE ROLE truncater LOGIN; GRANT SELECT, TRUNCATE ON note TO truncater");
		}
	}

	@Test
	void whenALoginCanDoMoreThenOneWarningSaysSoAndTheEndpointHasIt(CapturedOutput output) throws SQLException {
		createTruncater();
		runner("truncater").run((context) -> {
			PreparationReport report = TestDatabases.orders(context).getSnapshot().preparation("privileges");
			assertThat(report).isNotNull();
			assertThat(report.details()).isEqualTo(Map.of("login", "truncater", "findings",
					List.of(Map.of("id", "may-truncate", "severity", "WARN", "object", "public.note", "reason",
							"may remove all rows, past policies and row triggers", "fix",
							"REVOKE TRUNCATE ON TABLE public.note FROM truncater;"))));
			assertThat(output).containsOnlyOnce(
					"""
							The login truncater of database 'orders' (PostgreSQL at %s/orders) can do more than it needs:

							    %s

							Apply the fixes with a login that may grant privileges. Declare what is intended in 'app.dbs.orders.privileges.allow', by the name in brackets."""
						.formatted(server.address(), FINDING));
			context.getBean(DatabaseLifecycle.class).getOperations("orders").verify();
			assertThat(output).containsOnlyOnce(FINDING);
		});
	}

	@Test
	void whenThePrivilegesMustBeRightThenTheApplicationDoesNotStart() throws SQLException {
		createTruncater();
		runner("truncater").withPropertyValues("app.dbs.orders.privileges.verify=fail").run((context) -> {
			assertThat(context.getStartupFailure()).isInstanceOfSatisfying(DatabaseStartException.class, (failure) -> {
				assertThat(failure).hasMessage(
						"The login truncater of database 'orders' (PostgreSQL at %s/orders) can do more than it needs:\n\n    %s"
							.formatted(server.address(), FINDING));
				assertThat(failure.getAction()).isEqualTo(
						"Apply the fixes with a login that may grant privileges. Declare what is intended in 'app.dbs.orders.privileges.allow', by the name in brackets. With 'app.dbs.orders.privileges.verify: warn', findings are only logged.");
			});
		});
	}

	@Test
	void whenTheDatabaseIsOptionalThenItIsDownUntilThePrivilegesAreRight() throws SQLException {
		server.execute("CREATE ROLE optional_app LOGIN; GRANT SELECT ON note TO optional_app WITH GRANT OPTION");
		runner("optional_app")
			.withPropertyValues("app.dbs.orders.privileges.verify=fail", "app.dbs.orders.required=false")
			.run((context) -> {
				assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.DOWN);
				server.execute("REVOKE GRANT OPTION FOR SELECT ON note FROM optional_app");
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
			});
	}

	@Test
	void whenANewerLoginCanDoMoreThenItIsNotUsed(@TempDir Path folder) throws Exception {
		createTruncater();
		Path username = Files.writeString(folder.resolve("username"), "app");
		Path password = Files.writeString(folder.resolve("password"), "unused");
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://" + server.address() + "/orders",
					"app.dbs.orders.credentials.username-file=" + username,
					"app.dbs.orders.credentials.password-file=" + password, "app.dbs.orders.privileges.verify=fail",
					"app.dbs.orders.credentials.refresh-interval=1h")
			.run((context) -> {
				Files.writeString(username, "truncater");
				assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate())
					.withMessageContaining(FINDING);
				assertThat(context.getBean(JdbcTemplate.class).queryForObject("SELECT current_user", String.class))
					.isEqualTo("app");
			});
	}

	@Test
	void whenAnEntryAllowsNothingThenItIsReportedButNoError() {
		runner("app")
			.withPropertyValues("app.dbs.orders.privileges.verify=fail",
					"app.dbs.orders.privileges.allow=may-truncate staging.*")
			.run((context) -> assertThat(
					TestDatabases.orders(context).getSnapshot().preparation("privileges").details())
				.containsEntry("findings",
						List.of(Map.of("id", "unused-allow", "severity", "WARN", "object", "'may-truncate staging.*'",
								"reason",
								"is allowed in 'app.dbs.orders.privileges.allow', but there is no such finding", "fix",
								"Remove it."))));
		runner("app").withPropertyValues("app.dbs-defaults.privileges.allow=may-truncate")
			.run((context) -> assertThat(
					TestDatabases.orders(context).getSnapshot().preparation("privileges").details())
				.containsEntry("findings", List.of()));
	}

	@Test
	void whenATableIsUnknownThenTheNearestOneIsNamed() throws SQLException {
		assertThat(findings("app", "privileges.needed.nota", "SELECT")).containsExactly(
				"[unknown-table] nota: needs it, but there is no such table. Did you mean 'note'?. => Correct 'app.dbs.orders.privileges.needed'.",
				"[excess-grant] public.note: has SELECT, which it does not need. => REVOKE SELECT ON TABLE public.note FROM app;");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			rls.verify=warn
			rls.verify=warn, rls.schemas=public
			rls.verify=warn, rls.role=policed
			rls.verify=warn, rls.allow=truncate on note
			rls.verify=off
			""")
	void whateverRowLevelSecurityVerifiesThenThePrivilegesOfTheLoginAreErrors(String settings) {
		DatabaseDefinition definition = PrivilegeCase.define(url("past"),
				("rls.enabled=true, privileges.verify=fail, " + settings).split("=|, "));
		assertThatExceptionOfType(VerificationFailedException.class).isThrownBy(() -> PrivilegeCase.verify(definition))
			.withMessageEndingWith(
					"""
							[bypassrls] past: has BYPASSRLS. Fix: ALTER ROLE past NOBYPASSRLS;
							    [executes-as-superuser] other.everything(): may call it, and it runs with the rights of a superuser. Fix: REVOKE EXECUTE ON FUNCTION other.everything() FROM PUBLIC;
							    [may-truncate] other.line: may remove all rows, past policies and row triggers. Fix: REVOKE TRUNCATE ON TABLE other.line FROM past;
							    [may-truncate] public.note: may remove all rows, past policies and row triggers. Fix: REVOKE TRUNCATE ON TABLE public.note FROM past;""");
	}

	@Test
	void whenPoliciesDoNotBindTheLoginAndOnlyPrivilegesMustBeRightThenTheApplicationDoesNotStart() {
		runner("past")
			.withPropertyValues("app.dbs.orders.rls.enabled=true", "app.dbs.orders.rls.verify=warn",
					"app.dbs.orders.privileges.verify=fail")
			.run((context) -> assertThat(context.getStartupFailure()).hasMessageStartingWith(
					"The login past of database 'orders' (PostgreSQL at %s/orders) can do more than it needs:\n\n    [bypassrls] past: "
						.formatted(server.address())));
	}

	@Test
	void whenStatementsRunAsAnotherRoleThenItIsVerifiedAsWell() throws SQLException {
		server.execute(
				"CREATE ROLE entry LOGIN NOINHERIT; CREATE ROLE worker CREATEDB; GRANT worker TO entry; GRANT TRUNCATE ON plain TO worker");
		assertThat(findings("entry", "rls.enabled", "true", "rls.verify", "off", "rls.role", "worker")).contains(
				"[createdb] worker: has CREATEDB and can create databases. => ALTER ROLE worker NOCREATEDB;",
				"[may-truncate] public.plain: may remove all rows, past policies and row triggers. => REVOKE TRUNCATE ON TABLE public.plain FROM worker;");
	}

	@Test
	void whenTheCatalogCannotBeReadThenThatIsReported() throws SQLException {
		server.execute("postgres", "CREATE DATABASE closed");
		server.execute("closed", "REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC");
		String url = url("app").replace("/orders", "/closed");
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url))).containsExactly(
				"[not-checked] privileges: could not be read. The server says: ERROR: permission denied for view pg_roles.");
	}

	@Test
	void whenTheEngineIsNotSupportedThenItIsRejectedIfTheLoginMustBeVerified() throws SQLException {
		String url = "cockroachdb://localhost/orders";
		assertThat(PrivilegeCase.verify(PrivilegeCase.define(url)))
			.isEqualTo(Map.of("notChecked", List.of("CockroachDB is not supported")));
		assertThatExceptionOfType(VerificationFailedException.class)
			.isThrownBy(() -> PrivilegeCase.verify(PrivilegeCase.define(url, "privileges.verify", "fail")))
			.withMessageEndingWith(
					"has been verified only in part:\n\n    [not-checked] privileges: cannot be read, as CockroachDB is not supported.");
	}

	@Test
	void whenTheServerIsOfAnotherEngineThanTheUrlThenItIsRejectedIfTheLoginMustBeVerified() throws SQLException {
		server.execute(
				"CREATE ROLE distributed LOGIN; CREATE SCHEMA distributed; GRANT USAGE ON SCHEMA distributed TO distributed;"
						+ "CREATE FUNCTION distributed.version() RETURNS text LANGUAGE sql AS $$SELECT 'CockroachDB CCL v25'$$;"
						+ "ALTER ROLE distributed SET search_path = distributed, pg_catalog");
		assertThat(findings("distributed")).isEmpty();
		assertThatExceptionOfType(VerificationFailedException.class)
			.isThrownBy(() -> findings("distributed", "privileges.verify", "fail"))
			.withMessageEndingWith("    [not-checked] privileges: cannot be read, as CockroachDB is not supported.");
	}

	@Test
	void whenTheServerIsEmbeddedThenNothingIsVerified() throws SQLException {
		DatabaseDefinition definition = PrivilegeCase.define(url("postgres"), "url", "embedded:postgresql",
				"privileges.verify", "fail");
		assertThat(PrivilegeCase.verify(definition)).isNull();
	}

	@Test
	void whenPrivilegesAreNeededThenTheGrantsAreWrittenAndSuffice() throws SQLException {
		server.execute("""
				CREATE ROLE newcomer LOGIN;
				CREATE SCHEMA sales;
				CREATE TABLE sales."Order's $grant$" (id bigserial, note text);
				CREATE SCHEMA shop;
				CREATE TABLE shop.article (id bigserial, name text);
				ALTER ROLE newcomer SET search_path = shop, public;
				""");
		String[] settings = { "username", "newcomer", "privileges.verify", "fail", "privileges.needed.note",
				"SELECT,insert", "privileges.needed.article", "INSERT", "privileges.needed.[sales.\"Order's $grant$\"]",
				"SELECT,INSERT" };
		DatabaseDefinition definition = PrivilegeCase.define(url("newcomer"), settings);
		List<String> grants = PrivilegeGrants.write(definition, null, "newcomer");
		assertThat(grants).startsWith("GRANT INSERT ON TABLE \"article\" TO \"newcomer\";",
				"DO $grant$ DECLARE target text; BEGIN FOR target IN SELECT 'SCHEMA ' || c.relnamespace::pg_catalog.regnamespace FROM pg_catalog.pg_class c WHERE c.oid = '\"article\"'::pg_catalog.regclass"
						+ " UNION SELECT 'SEQUENCE ' || z.oid::pg_catalog.regclass FROM pg_catalog.pg_attrdef f JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass JOIN pg_catalog.pg_class z ON z.oid = d.refobjid AND z.relkind = 'S' WHERE f.adrelid = '\"article\"'::pg_catalog.regclass"
						+ " LOOP EXECUTE 'GRANT USAGE ON ' || target || ' TO \"newcomer\"'; END LOOP; END $grant$;",
				"GRANT SELECT, INSERT ON TABLE \"note\" TO \"newcomer\";")
			.contains("GRANT USAGE ON SCHEMA \"sales\" TO \"newcomer\";",
					"GRANT SELECT, INSERT ON TABLE \"sales\".\"Order's $grant$\" TO \"newcomer\";");
		server.execute("SET search_path = shop, public; " + String.join(" ", grants));
		assertThat(PrivilegeCase.verify(definition)).containsEntry("findings", List.of());
		JdbcClient client = JdbcClient
			.create(new DriverManagerDataSource("jdbc:" + url("newcomer").replace("newcomer@", ""), "newcomer", ""));
		client.sql("INSERT INTO article (name) VALUES ('lamp')").update();
		assertThat(client.sql("INSERT INTO sales.\"Order's $grant$\" (note) VALUES ('x') RETURNING id")
			.query(Long.class)
			.single()).isEqualTo(1);
	}

	@Test
	void whenTheGrantsAreOfAnotherEngineThenTheyAreInItsWords() {
		assertThat(PrivilegeGrants.write(
				PrivilegeCase.define("mysql://localhost/shop", "privileges.needed.[sales.order]", "SELECT"),
				Map.of("login", "'app'@'10.%'"), "app"))
			.containsExactly("GRANT SELECT ON `sales`.`order` TO 'app'@'10.%';");
		assertThat(PrivilegeGrants.write(PrivilegeCase.define("jdbc:h2:./shop", "privileges.needed.orders", "SELECT"),
				null, "app"))
			.containsExactly("GRANT SELECT ON \"ORDERS\" TO \"APP\";");
		assertThat(PrivilegeGrants.write(
				PrivilegeCase.define("mongodb://localhost/shop", "privileges.needed.[order.lines]", "find,insert"),
				null, "app"))
			.containsExactly("db.createRole({ role: \"app\", privileges: [], roles: [] });",
					"db.grantRolesToUser(\"app\", [\"app\"]);",
					"db.grantPrivilegesToRole(\"app\", [{ resource: { db: db.getName(), collection: \"order.lines\" }, actions: [\"find\", \"insert\"] }]);");
	}

	@Test
	void whenNothingIsNeededThenTheGrantsCannotBeWritten() {
		assertThatExceptionOfType(IllegalDatabaseOperationException.class)
			.isThrownBy(() -> PrivilegeGrants.write(PrivilegeCase.define("mysql://localhost/shop"), null, "app"))
			.withMessage(
					"The grants of database 'orders' cannot be written: 'app.dbs.orders.privileges.needed' is not set. Write the privileges that the application needs there, by table, such as 'orders' with 'SELECT, INSERT'.");
		assertThatExceptionOfType(IllegalDatabaseOperationException.class)
			.isThrownBy(() -> PrivilegeGrants.write(PrivilegeCase.define("cockroachdb://localhost/shop"), null, "app"))
			.withMessage("The grants of database 'orders' cannot be written: privileges of CockroachDB are not known.");
	}

	private static List<String> findings(String login, String... settings) throws SQLException {
		return PrivilegeCase.findings(PrivilegeCase.define(url(login), settings));
	}

	private static String url(String login) {
		return "postgresql://%s@%s/orders".formatted(login, server.address());
	}

	private static ApplicationContextRunner runner(String login) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url(login), "app.dbs.orders.pool.max-size=2");
	}

}
