package io.appdbs.migration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.DatabaseState;
import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.integration.spring.Customizer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for changelogs on a server that is not available at first, or that several
 * instances use.
 */
@ExtendWith(OutputCaptureExtension.class)
class ChangelogLifecycleTests {

	private static final String SUPERUSER = "postgres";

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private Path folder;

	@BeforeEach
	void pollOften() {
		System.setProperty("liquibase.changelogLockPollRate", "1");
		logger().setLevel(Level.INFO);
	}

	@AfterEach
	void pollAsByDefault() {
		System.clearProperty("liquibase.changelogLockPollRate");
		logger().setLevel(null);
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("io.appdbs.migration");
	}

	@Test
	void anOptionalDatabaseThatWasDownIsMigratedBeforeItIsUp() throws Exception {
		changelog(MigrationFolder.changeSet("create", "create table item (name varchar(20))"),
				MigrationFolder.changeSet("fill", "insert into item select 'one' from pg_sleep(0.3)"));
		String url = servers.getUrl("embedded:postgresql", "recovered");
		try (TcpProxy proxy = new TcpProxy(address(url).replaceFirst("/.*", ""))) {
			proxy.refuse();
			runner(url.replace(address(url).replaceFirst("/.*", ""), proxy.address()), "app.dbs.orders.required=false")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
					proxy.resume();
					TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
					PreparationReport migration = TestDatabases.orders(context).getSnapshot().preparation("migration");
					assertThat(migration.details()).isEqualTo(Map.of("changeSet", "fill::team", "executed", 2));
					assertThat(
							context.getBean(JdbcClient.class).sql("select name from item").query(String.class).list())
						.containsExactly("one");
				});
		}
	}

	@Test
	void severalInstancesMigrateOnce() throws Exception {
		changelog(MigrationFolder.changeSet("create", "create table item (name varchar(20))"),
				MigrationFolder.changeSet("fill", "insert into item select 'one' from pg_sleep(0.5)"));
		String url = servers.getUrl("embedded:postgresql", "instances");
		List<Object> executed = ConcurrentTasks.run(3, (index) -> {
			Object[] result = new Object[1];
			runner(url).run((context) -> {
				assertThat(context).hasNotFailed();
				result[0] = TestDatabases.orders(context)
					.getSnapshot()
					.preparation("migration")
					.details()
					.get("executed");
			});
			return result[0];
		});
		assertThat(executed).containsExactlyInAnyOrder(0, 0, 2);
		assertThat(query(url, "select count(*) from item")).isEqualTo("1");
		assertThat(query(url, "select count(*) from databasechangelog")).isEqualTo("2");
		assertThat(query(url, "select locked from databasechangeloglock")).isEqualTo("f");
	}

	@Test
	void changeSetsOfAnInstanceThatStartsInTheSameMillisecondAreNotCounted() throws Exception {
		changelog(MigrationFolder.changeSet("create", "create table item (name varchar(20))"));
		String url = servers.getUrl("embedded:postgresql", "millisecond");
		DatabaseDefinition definition = Definitions.of("orders", url);
		Customizer<Liquibase> sameDeployment = (liquibase) -> {
			String id = Scope.getCurrentScope().getDeploymentId();
			assertThatNoException()
				.isThrownBy(() -> execute(url, "update databasechangelog set deployment_id = '%s'".formatted(id)));
		};
		assertThat(prepare(definition, List.of())).containsEntry("executed", 1);
		assertThat(prepare(definition, List.of(sameDeployment))).containsEntry("executed", 0);
	}

	private @Nullable Map<String, Object> prepare(DatabaseDefinition definition,
			List<Customizer<Liquibase>> customizers) throws Exception {
		return new LiquibasePreparation(Map.of("orders", customizers), new MigrationFolder(this.folder).classLoader())
			.prepare(definition, definition.connectionDetails().get());
	}

	@Test
	void theHolderOfTheLockAndTheRunningChangeSetAreLogged(CapturedOutput output) throws Exception {
		changelog(MigrationFolder.changeSet("create", "create table item (name varchar(20))"));
		String url = servers.getUrl("embedded:postgresql", "logged");
		LiquibasePreparation preparation = new LiquibasePreparation(Map.of("orders", List.of()),
				new MigrationFolder(this.folder).classLoader(), Duration.ofMillis(500));
		DatabaseDefinition definition = Definitions.of("orders", url);
		preparation.prepare(definition, definition.connectionDetails().get());
		execute(url, "update databasechangeloglock set locked = true, lockedby = 'other-host', lockgranted = '%s'"
			.formatted(Instant.parse("2026-01-02T03:04:05Z")));
		changelog(MigrationFolder.changeSet("create", "create table item (name varchar(20))"),
				MigrationFolder.changeSet("slow", "select pg_sleep(600)"));
		CompletableFuture<Throwable> failure = SeparateThread
			.supply(() -> catchThrowable(() -> preparation.prepare(definition, definition.connectionDetails().get())));
		String holder = "'other-host' has held the lock in 'databasechangeloglock' since ";
		await(output, "Database 'orders': waiting for Liquibase's lock, " + holder);
		await(output, "Database 'orders': migrating has taken 1 s, and no change set is running: " + holder);
		execute(url, "update databasechangeloglock set locked = false, lockedby = null, lockgranted = null");
		await(output,
				"Database 'orders': change set 'slow' by 'team' in 'db/changelog/orders/db.changelog-master.yaml' has been running for 1 s.");
		assertThat(failure).isNotDone();
		execute(url, "select pg_cancel_backend(pid) from pg_stat_activity where query like 'select pg_sleep(600)%'");
		Awaitility.await().until(failure::isDone);
		assertThat(failure.get()).hasMessageContaining("change set 'slow'");
		TestDatabases.awaitNoThreads("appdbs-migration-orders");
	}

	@Test
	void whenTheApplicationIsClosedThenItStopsWaitingForTheLock() throws Exception {
		changelog(MigrationFolder.changeSet("create", "create table item (name varchar(20))"));
		String url = servers.getUrl("embedded:postgresql", "closed");
		runner(url).run((context) -> assertThat(context).hasNotFailed());
		execute(url, "update databasechangeloglock set locked = true, lockedby = 'other-host'");
		changelog(MigrationFolder.changeSet("more", "select 1"));
		runner(url, "app.dbs.orders.required=false").run((context) -> Awaitility.await()
			.until(() -> !TestDatabases.threads("appdbs-migration-orders").isEmpty()));
		TestDatabases.awaitNoThreads("appdbs-migration-orders");
		TestDatabases.await(() -> query(url,
				"select count(*) from pg_stat_activity where datname = 'closed' and pid <> pg_backend_pid()")
			.equals("0"));
	}

	private static void await(CapturedOutput output, String text) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> output.getAll().contains(text));
	}

	private static String address(String url) {
		return url.substring(url.indexOf('@') + 1);
	}

	private static void execute(String url, String sql) throws SQLException {
		try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String query(String url, String sql) throws SQLException {
		try (Connection connection = connect(url);
				Statement statement = connection.createStatement();
				var rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

	private static Connection connect(String url) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://" + address(url), SUPERUSER, null);
	}

	private void changelog(String... changeSets) {
		new MigrationFolder(this.folder).changelog("orders", changeSets);
	}

	private ApplicationContextRunner runner(String url, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withClassLoader(new MigrationFolder(this.folder).classLoader())
			.withPropertyValues("app.dbs.orders.url=" + url)
			.withPropertyValues(properties);
	}

}
