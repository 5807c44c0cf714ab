package io.appdbs.audit.rows;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.actuate.DatabasesEndpoint.OperationDescriptor;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for row audit in an application: at the start, while it runs, and at the
 * endpoint.
 */
class RowAuditStartTests {

	@RegisterExtension
	private static final AuditedDatabases databases = new AuditedDatabases();

	@Test
	void whenATriggerIsMissingThenTheApplicationDoesNotStart() throws SQLException {
		String database = databases.create("DROP TRIGGER audit_truncate ON person");
		runner(database).run((context) -> assertThat(context.getStartupFailure())
			.isInstanceOfSatisfying(DatabaseStartException.class, (failure) -> {
				assertThat(failure).hasMessage(
						"Row audit of database 'orders' (PostgreSQL at %s/%s) has gaps:\n\n    [trigger-missing] table public.person has no trigger that records TRUNCATE in audit.log."
							.formatted(databases.address(), database));
				assertThat(failure.getAction())
					.contains("CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.person");
			}));
	}

	@Test
	void whenATriggerIsDisabledThenTheApplicationDoesNotStart() throws SQLException {
		String database = databases.create("ALTER TABLE person DISABLE TRIGGER audit_rows");
		runner(database).run((context) -> assertThat(context.getStartupFailure())
			.isInstanceOfSatisfying(DatabaseStartException.class, (failure) -> {
				assertThat(failure).hasMessage(
						"Row audit of database 'orders' (PostgreSQL at %s/%s) has gaps:\n\n    [trigger-disabled] trigger audit_rows on table public.person is disabled, so INSERT, UPDATE, DELETE is not recorded."
							.formatted(databases.address(), database));
				assertThat(failure.getAction()).contains("ALTER TABLE public.person ENABLE TRIGGER audit_rows;");
			}));
	}

	@Test
	void whenATriggerIsDisabledThenTheDatabaseIsDownUntilItIsEnabled() throws SQLException {
		String database = databases.createChained();
		runner(database, "app.dbs.orders.audit.rows.verify-interval=1s").run((context) -> {
			assertThat(report(context)).isEqualTo(Map.of("tables", 1L, "log", "audit.log", "findings", List.of()));
			databases.execute(database, "ALTER TABLE person DISABLE TRIGGER audit_rows");
			TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			assertThat(TestDatabases.orders(context).getSnapshot().outage().reason())
				.contains("[trigger-disabled] trigger audit_rows on table public.person is disabled");
			databases.execute(database, "ALTER TABLE person ENABLE TRIGGER audit_rows");
			TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
			context.getBean(JdbcTemplate.class).update("INSERT INTO person VALUES (1, 'Ann', 'DE1')");
			OperationDescriptor verified = endpoint(context).operate("orders", "verify-audit", null, null, null);
			assertThat(verified.auditChain())
				.extracting(AuditChainReport::checked, AuditChainReport::complete, AuditChainReport::firstBroken)
				.containsExactly(1L, true, null);
			databases.execute(database, "ALTER TABLE audit.log DROP COLUMN previous");
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> endpoint(context).operate("orders", "verify-audit", null, null, null))
				.withMessage(
						"The audit of database 'orders' was not verified: Table audit.log has no hash chain: it lacks columns of 'docs/row-audit-chain.sql'.");
			databases.execute(database, "GRANT TRUNCATE ON person TO app");
			endpoint(context).operate("orders", "verify", null, null, null);
			assertThat(report(context).get("findings")).asString().contains("truncate-granted");
		});
	}

	@Test
	void theLogCanHavePartitionsThatAreCreatedAhead() throws SQLException {
		String database = databases.create("""
				DROP SCHEMA audit CASCADE;
				SET ROLE migration;
				"""
				+ AuditedDatabases.read("row-audit.sql")
					.replace("PRIMARY KEY (id)\n);", "PRIMARY KEY (id, at)\n) PARTITION BY RANGE (at);")
				+ AuditedDatabases.read("row-audit-chain.sql"));
		runner(database, "app.dbs.orders.partitions[0].table=audit.log", "app.dbs.orders.partitions[0].interval=month",
				"app.dbs.orders.maintenance.username=migration")
			.run((context) -> {
				JdbcTemplate template = context.getBean(JdbcTemplate.class);
				template.update("INSERT INTO person VALUES (1, 'Ann', 'DE1')");
				template.update("DELETE FROM person");
				assertThat(endpoint(context).operate("orders", "verify-audit", null, null, null).auditChain())
					.extracting(AuditChainReport::checked, AuditChainReport::complete, AuditChainReport::firstBroken)
					.containsExactly(2L, true, null);
				String partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = (SELECT oid FROM pg_class WHERE relname = 'log')";
				assertThat(template.queryForObject(partitions, Long.class)).isEqualTo(4);
				endpoint(context).operate("orders", "verify", null, null, null);
				assertThat(report(context).get("findings")).isEqualTo(List.of());
			});
		databases.execute(database,
				"DO $$ BEGIN EXECUTE (SELECT format('GRANT DELETE ON audit.%I TO app', min(relname)) FROM pg_class WHERE relname LIKE 'log\\_p%' AND relkind = 'r'); END $$");
		assertThat(databases.findings(database)).singleElement()
			.asString()
			.matches(
					"ERROR \\[log-writable] login app may DELETE audit\\.log_p\\d+_\\d+\\. REVOKE DELETE ON audit\\.log_p.* FROM app;");
	}

	@Test
	void whenTheApplicationReadsTheLogItselfThenTheAuditIsNotVerified() {
		runner("audited", "app.dbs.orders.inspection.username=app").run((context) -> assertThatExceptionOfType(
				IllegalDatabaseOperationException.class)
			.isThrownBy(() -> endpoint(context).operate("orders", "verify-audit", null, null, null))
			.withMessage(
					"The audit of database 'orders' was not verified: The login of inspections may not read audit.log. The login of the application should not; set 'inspection.username'. Grant USAGE on the schema, and SELECT on audit.log, to the login of 'inspection.username'."));
	}

	@Test
	void whenTheVerificationIsOffThenItCannotBeRequested() throws SQLException {
		String database = databases.create("ALTER TABLE person DISABLE TRIGGER audit_rows");
		runner(database, "app.dbs.orders.audit.rows.verify=off", "app.dbs.orders.privileges.verify=off")
			.run((context) -> assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> endpoint(context).operate("orders", "verify", null, null, null))
				.withMessage("Database 'orders' cannot be verified: 'app.dbs.orders.audit.rows.verify' is 'off'."));
	}

	@Test
	void whenNoTablesAreAuditedThenThereIsNothingToVerify() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=embedded:h2")
			.run((context) -> assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> endpoint(context).operate("orders", "verify-audit", null, null, null))
				.withMessage(
						"The audit of database 'orders' was not verified: 'app.dbs.orders.audit.rows.tables' is not set."));
	}

	private static Map<String, Object> report(ApplicationContext context) {
		return TestDatabases.orders(context).getSnapshot().preparation(RowAuditVerification.NAME).details();
	}

	private static DatabasesEndpoint endpoint(ApplicationContext context) {
		return new DatabasesEndpoint(context.getBean(DatabaseLifecycle.class), (name) -> null, context, List.of(),
				Show.ALWAYS);
	}

	private static ApplicationContextRunner runner(String database, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://" + databases.address() + "/" + database,
					"app.dbs.orders.username=app", "app.dbs.orders.audit.rows.tables=public.person",
					"app.dbs.orders.inspection.username=auditor", "app.dbs.orders.pool.max-size=2")
			.withPropertyValues(properties);
	}

}
