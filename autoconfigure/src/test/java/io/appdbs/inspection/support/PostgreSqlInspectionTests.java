package io.appdbs.inspection.support;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.FindingsReport.CheckReport;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseInspection} on PostgreSQL with a replica.
 */
@ExtendWith(OutputCaptureExtension.class)
class PostgreSqlInspectionTests {

	private static RestartablePostgres primary;

	private static RestartablePostgres standby;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=postgresql://app@" + primary.address() + "/shop",
				"app.dbs.orders.pool.max-size=1", "app.dbs.orders.health.interval=200ms",
				"app.dbs.orders.health.timeout=200ms", "app.dbs.orders.inspection.username=monitor",
				"app.dbs.orders.inspection.findings.minimum-age=0s",
				"app.dbs.orders.inspection.findings.minimum-size=0");

	@BeforeAll
	static void startServers() throws Exception {
		primary = RestartablePostgres.create();
		primary.execute("postgres", "CREATE DATABASE shop");
		primary.execute("shop", """
				CREATE ROLE app LOGIN;
				CREATE ROLE monitor LOGIN IN ROLE pg_monitor, pg_read_all_data;
				CREATE TABLE note (id INT PRIMARY KEY, a INT, b INT);
				INSERT INTO note SELECT i, i, i FROM generate_series(1, 20000) i;
				CREATE INDEX note_a ON note (a);
				CREATE INDEX note_b ON note (b);
				GRANT SELECT, INSERT ON note TO app;
				ANALYZE""");
		standby = primary.createStandby();
	}

	@AfterAll
	static void stopServers() throws Exception {
		standby.close();
		primary.close();
	}

	@AfterEach
	void dropWhatTestsHaveCreated() throws Exception {
		primary.execute("shop", "DROP SCHEMA IF EXISTS test CASCADE");
	}

	@Test
	void anInspectionTakesNoConnectionOfThePoolAndLeavesNoneOpen() {
		this.runner.run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			try (Connection connection = context.getBean(DataSource.class).getConnection()) {
				Report<SizeReport> size = orders.inspect().size();
				assertThat(size.isOk()).as(size.message()).isTrue();
				assertThat(size.getRequiredValue().bytes()).isPositive();
				assertThat(orders.getSnapshot().pool().active()).isEqualTo(1);
				assertThat(connection.isValid(1)).isTrue();
			}
			Awaitility.await().until(() -> sessions("monitor") == 0);
		});
	}

	private static int sessions(String login) throws Exception {
		try (Connection connection = primary.connect("shop"); Statement statement = connection.createStatement()) {
			ResultSet result = statement
				.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + login + "'");
			result.next();
			return result.getInt(1);
		}
	}

	@Test
	void anIndexThatAReplicaUsesIsNoFinding() {
		withReplica().run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			awaitUp(context.getBean(Databases.class));
			use(standby, "note_a");
			Awaitility.await().untilAsserted(() -> {
				Report<FindingsReport> report = orders.inspect().fresh().findings();
				assertThat(report.isOk()).as("%s", report).isTrue();
				assertThat(unused(report)).extracting(Finding::id).containsExactly("unused-index:public.note_b");
			});
			Finding finding = unused(orders.inspect().findings()).get(0);
			assertThat(finding.text())
				.matches("The index has not been used for .+, here and on orders-replica-1; it takes \\d+ kB\\.");
			assertThat(finding.fix()).isEqualTo("DROP INDEX CONCURRENTLY public.note_b;");
			CheckReport ofReplica = context.getBean(Databases.class)
				.get("orders-replica-1")
				.inspect()
				.findings()
				.getRequiredValue()
				.checks()
				.get("unused-index");
			assertThat(ofReplica.message()).isEqualTo(
					"The indexes are those of database 'orders', whose findings take this replica into account.");
		});
	}

	@Test
	void whenAReplicaCannotBeAskedThenNoIndexIsCalledUnused() throws Exception {
		standby.stop();
		try {
			withReplica().run((context) -> {
				Report<FindingsReport> report = context.getBean(Databases.class).get("orders").inspect().findings();
				assertThat(unused(report)).isEmpty();
				assertThat(report.status()).isEqualTo(ReportStatus.UNAVAILABLE);
				assertThat(report.getRequiredValue().checks().get("unused-index").message())
					.startsWith("It is not known which indexes replica 'orders-replica-1' has used: "
							+ "Database 'orders-replica-1' is down since ");
			});
		}
		finally {
			standby.restart();
		}
	}

	@Test
	void afterACrashTheStatisticsAreYoung() {
		this.runner.run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			assertThat(unused(orders.inspect().findings())).isNotEmpty();
			Instant crash = Instant.now();
			primary.kill();
			primary.restart();
			TestDatabases.await(() -> TestDatabases.answers(context) && isUp(orders));
			Awaitility.await().untilAsserted(() -> {
				Instant since = orders.inspect().fresh().findings().getRequiredValue().statisticsSince();
				assertThat(since).isAfter(crash);
			});
		});
		this.runner.withPropertyValues("app.dbs.orders.inspection.findings.minimum-age=1d").run((context) -> {
			Report<FindingsReport> report = context.getBean(Databases.class).get("orders").inspect().findings();
			assertThat(unused(report)).isEmpty();
			assertThat(report.isOk()).isTrue();
			assertThat(report.getRequiredValue().checks().get("unused-index").message())
				.matches("'orders' has counted the use of indexes for \\d+ m?s, since .+Z, and "
						+ "'app\\.dbs\\.orders\\.inspection\\.findings\\.minimum-age' is 1 d\\.");
		});
	}

	private static boolean isUp(Database database) {
		return database.getState() == DatabaseState.UP;
	}

	@Test
	void aLockOnATableDelaysNoAnswer() {
		this.runner.run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			try (Connection other = primary.connect("shop"); Statement statement = other.createStatement()) {
				other.setAutoCommit(false);
				statement.execute("LOCK TABLE note IN ACCESS EXCLUSIVE MODE");
				assertThat(orders.inspect().size().isOk()).isTrue();
				assertThat(orders.inspect().tables().getRequiredValue()).isNotEmpty();
				assertThat(orders.inspect().tables().exact()).isFalse();
				assertThat(orders.inspect().indexes().getRequiredValue()).isNotEmpty();
				assertThat(orders.inspect().activity().isOk()).isTrue();
				Report<FindingsReport> findings = orders.inspect().findings();
				assertThat(findings.getRequiredValue().checks().values()).extracting(CheckReport::status)
					.doesNotContain(ReportStatus.UNAVAILABLE);
			}
		});
	}

	@Test
	void whenTheServerStopsToAnswerThenAnInspectionEndsAndTheNextOneSucceeds() {
		this.runner.withPropertyValues("app.dbs.orders.health.interval=1h").run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			primary.pause();
			try {
				assertThat(orders.inspect().tables().status()).isIn(ReportStatus.TIMED_OUT, ReportStatus.UNAVAILABLE);
				assertThat(isUp(orders)).as("has not been probed").isTrue();
			}
			finally {
				primary.resume();
			}
			Awaitility.await().untilAsserted(() -> assertThat(orders.inspect().size().isOk()).isTrue());
		});
		assertThat(TestDatabases.threads("appdbs-inspection")).isEmpty();
	}

	@Test
	void theApplicationsLoginInspectsWithoutOneForIt() {
		this.runner.withPropertyValues("app.dbs.orders.inspection.username=").run((context) -> {
			Report<?> activity = context.getBean(Databases.class).get("orders").inspect().activity();
			assertThat(activity.status()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
			assertThat(activity.fix()).isEqualTo("GRANT pg_monitor TO app;");
			assertThat(activity.value()).isNotNull();
		});
	}

	@Test
	void aLoginThatIsRefusedLeavesTheApplicationAlone() {
		this.runner.withPropertyValues("app.dbs.orders.inspection.username=nobody").run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			Report<SizeReport> size = orders.inspect().size();
			assertThat(size.status()).isEqualTo(ReportStatus.UNAVAILABLE);
			assertThat(size.message()).contains("The inspection could not connect to the database: ", "\"nobody\"");
			assertThat(isUp(orders)).isTrue();
			assertThat(TestDatabases.answers(context)).isTrue();
		});
	}

	@Test
	void whileTheDatabaseIsDownItIsNotAsked() throws Exception {
		primary.stop();
		try {
			this.runner.withPropertyValues("app.dbs.orders.required=false").run((context) -> {
				Report<SizeReport> size = context.getBean(Databases.class).get("orders").inspect().size();
				assertThat(size.status()).isEqualTo(ReportStatus.UNAVAILABLE);
				assertThat(size.message()).startsWith("Database 'orders' is down since ");
			});
		}
		finally {
			primary.restart();
		}
	}

	@Test
	void atTheIntervalFindingsAreLoggedAndFiguresRead(CapturedOutput output) throws Exception {
		primary.execute("shop", """
				CREATE SCHEMA test; CREATE TABLE test.t (id INT PRIMARY KEY, n INT);
				CREATE INDEX t_n ON test.t (n); CREATE INDEX t_n_again ON test.t (n)""");
		this.runner.withPropertyValues("app.dbs.orders.inspection.interval=1s").run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			Awaitility.await()
				.until(() -> orders.inspect().getLastReadings() != null
						&& orders.inspect().getLastReadings().cacheHitRatio() != null);
			assertThat(orders.inspect().getLastReadings().bytes()).isPositive();
			Awaitility.await()
				.untilAsserted(() -> assertThat(output).contains("Database 'orders' has the finding "
						+ "duplicate-index:test.t_n_again: The index is the same as test.t_n: each write maintains both. "
						+ "It takes 8.0 kB. Fix: DROP INDEX CONCURRENTLY test.t_n_again;"));
		});
		assertThat(TestDatabases.threads("appdbs-inspect")).isEmpty();
	}

	@Test
	void whenVacuumDoesNotKeepUpThenWraparoundIsAFinding() throws Exception {
		primary.execute("postgres", "ALTER SYSTEM SET autovacuum_freeze_max_age = 100000");
		primary.stop();
		primary.restart();
		try (Connection old = primary.connect("shop"); Statement statement = old.createStatement()) {
			old.setAutoCommit(false);
			old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			statement.execute("SELECT count(*) FROM note");
			primary.execute("postgres", """
					DO $$ BEGIN FOR i IN 1..201000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$""");
			this.runner.run((context) -> {
				Report<FindingsReport> report = context.getBean(Databases.class).get("orders").inspect().findings();
				Finding finding = report.getRequiredValue().findings().get(0);
				assertThat(finding.id()).isEqualTo("wraparound:shop");
				assertThat(finding.text()).matches(
						"The oldest rows are 2\\d{5} transactions old, and the server stops accepting writes in 21\\d{8} more: "
								+ "vacuum does not keep up\\. The oldest table is \\S+\\.");
			});
		}
		finally {
			primary.execute("postgres", "ALTER SYSTEM RESET autovacuum_freeze_max_age");
			primary.stop();
			primary.restart();
		}
	}

	@Test
	void statementsThatTookTheMostTimeAreReportedWithoutValuesAndSecrets() throws Exception {
		primary.execute("shop", "ALTER SYSTEM SET shared_preload_libraries = pg_stat_statements");
		primary.stop();
		primary.restart();
		primary.execute("shop", "CREATE SCHEMA test; CREATE EXTENSION pg_stat_statements SCHEMA test");
		try {
			primary.execute("shop", "SELECT pg_sleep(0.1), 'private'");
			primary.execute("shop", "CREATE ROLE guest PASSWORD 'private'");
			primary.execute("shop", "DROP ROLE guest");
			this.runner.run((context) -> {
				Database orders = context.getBean(Databases.class).get("orders");
				Report<List<StatementReport>> report = orders.inspect().statements();
				assertThat(report.isOk()).as("%s", report).isTrue();
				StatementReport slowest = report.getRequiredValue()
					.stream()
					.filter((statement) -> statement.statement().contains("pg_sleep"))
					.findFirst()
					.orElseThrow();
				assertThat(slowest.statement()).isEqualTo("SELECT pg_sleep($1), $2");
				assertThat(slowest.calls()).isOne();
				assertThat(slowest.totalTime()).isGreaterThan(Duration.ofMillis(90));
				assertThat(report.getRequiredValue()).extracting(StatementReport::statement).contains("CREATE ROLE …");
				assertThat(report.toString()).doesNotContain("private");
			});
			this.runner.withPropertyValues("app.dbs.orders.inspection.username=").run((context) -> {
				Database orders = context.getBean(Databases.class).get("orders");
				Report<?> report = orders.inspect().statements();
				assertThat(report.status()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
				assertThat(report.message()).isEqualTo("The login may not use the schema test of pg_stat_statements.");
				assertThat(report.fix()).isEqualTo("GRANT USAGE ON SCHEMA test TO app;");
				primary.execute("shop", report.fix());
			});
			this.runner.withPropertyValues("app.dbs.orders.inspection.username=").run((context) -> {
				Report<?> report = context.getBean(Databases.class).get("orders").inspect().statements();
				assertThat(report.status()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
				assertThat(report.message()).isEqualTo("The login sees its own statements, and not those of others.");
				assertThat(report.toString()).doesNotContain("pg_sleep");
			});
		}
		finally {
			primary.execute("shop", "ALTER SYSTEM RESET shared_preload_libraries");
			primary.stop();
			primary.restart();
		}
	}

	private ApplicationContextRunner withReplica() {
		return this.runner
			.withPropertyValues("app.dbs.orders.replicas[0].url=postgresql://app@" + standby.address() + "/shop");
	}

	private static void awaitUp(Databases databases) {
		Awaitility.await().until(() -> databases.stream().allMatch(PostgreSqlInspectionTests::isUp));
	}

	private static void use(RestartablePostgres server, String index) throws Exception {
		server.execute("shop", "SET enable_seqscan = off; SELECT count(*) FROM note WHERE %s = 5"
			.formatted(index.substring(index.length() - 1)));
	}

	private static List<Finding> unused(Report<FindingsReport> report) {
		return report.getRequiredValue()
			.findings()
			.stream()
			.filter((finding) -> finding.getKind().equals("unused-index"))
			.toList();
	}

}
