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
import io.appdbs.rls.verify.RlsVerification;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

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

	@Test
	void whenRowLevelSecurityIsVerifiedThenNothingIsReportedTwice() throws SQLException {
		server.execute(
				"CREATE ROLE twice LOGIN BYPASSRLS CREATEDB; GRANT SELECT, TRUNCATE ON note TO twice; GRANT TRUNCATE ON plain TO twice");
		String[] settings = { "rls.enabled", "true", "rls.verify", "warn", "rls.exempt-tables", "plain" };
		DatabaseDefinition definition = PrivilegeCase.define(url("twice"), settings);
		Map<String, Object> rls = new RlsVerification().prepare(definition, definition.connectionDetails().get());
		assertThat(String.valueOf(rls)).contains("role-bypassrls", "truncate-granted").doesNotContain("CREATEDB");
		assertThat(findings("twice", settings)).containsExactly(
				"[createdb] twice: has CREATEDB and can create databases. => ALTER ROLE twice NOCREATEDB;",
				"[may-truncate] public.plain: may remove all rows, past policies and row triggers. => REVOKE TRUNCATE ON TABLE public.plain FROM twice;");
		settings[3] = "off";
		assertThat(findings("twice", settings)).hasSize(4);
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
		server.execute("CREATE ROLE newcomer LOGIN; CREATE SCHEMA sales; CREATE TABLE sales.\"Order Lines\" (id int)");
		String[] settings = { "username", "newcomer", "privileges.verify", "fail", "privileges.needed.note",
				"SELECT,insert", "privileges.needed.[sales.\"Order Lines\"]", "SELECT" };
		DatabaseDefinition definition = PrivilegeCase.define(url("newcomer"), settings);
		List<String> grants = PrivilegeGrants.write(definition, null, "newcomer");
		assertThat(grants).containsExactly("GRANT SELECT, INSERT ON TABLE \"note\" TO \"newcomer\";",
				"GRANT USAGE ON SCHEMA \"sales\" TO \"newcomer\";",
				"GRANT SELECT ON TABLE \"sales\".\"Order Lines\" TO \"newcomer\";");
		for (String grant : grants) {
			server.execute(grant);
		}
		assertThat(PrivilegeCase.verify(definition)).containsEntry("findings", List.of());
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
