package io.appdbs.migration;

import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.testsupport.MigrationFolder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyses of databases that Liquibase cannot migrate.
 */
class ChangelogFailureTests {

	private static final String CREATE = MigrationFolder.changeSet("create", "create table item (name varchar(20))");

	private static final String BROKEN = MigrationFolder.changeSet("broken",
			"create table other (name varchar(20)); selekt 1");

	private static final String NAME = "change set 'broken' by 'team' in 'db/changelog/orders/db.changelog-master.yaml'";

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private Path folder;

	@BeforeEach
	void giveUpSoon() {
		System.setProperty("liquibase.changelogLockWaitTimeInMinutes", "0");
		System.setProperty("liquibase.changelogLockPollRate", "1");
	}

	@AfterEach
	void waitAsByDefault() {
		System.clearProperty("liquibase.changelogLockWaitTimeInMinutes");
		System.clearProperty("liquibase.changelogLockPollRate");
	}

	@Test
	void whenAStatementFailsThenTheChangeSetIsNamed() {
		changelog(CREATE, BROKEN);
		String url = servers.getUrl("embedded:postgresql", "broken");
		assertThat(analyze(url)).isEqualTo(
				"""
						Database 'orders' (PostgreSQL) could not be migrated: %1$s failed. The driver says: ERROR: syntax error at or near "selekt"
						  Position: 1

						Correct %1$s and start again. It was rolled back."""
					.formatted(NAME));
		changelog(CREATE, MigrationFolder.changeSet("broken", "insert into item values ('one')"));
		runner(url).run((context) -> assertThat(select(context, "select name from item")).containsExactly("one"));
	}

	@Test
	void whenTheEngineCannotRollBackThenTheChangeSetHasToBeUndone() {
		changelog(CREATE, BROKEN);
		String url = servers.getUrl("embedded:mariadb", "broken");
		String end = "\n\nCorrect " + NAME
				+ " and start again. MariaDB does not roll back statements that change the schema: undo what the change set did before it failed.";
		assertThat(analyze(url))
			.startsWith(
					"Database 'orders' (MariaDB) could not be migrated: " + NAME + " failed. The driver says: (conn=")
			.contains("You have an error in your SQL syntax;")
			.endsWith(end);
		assertThat(analyze(url)).contains("Table 'other' already exists").endsWith(end);
	}

	@Test
	void whenTheChangeSetOfAnOptionalDatabaseHasFailedThenLaterAttemptsKeepTheCause() {
		changelog(CREATE, BROKEN);
		String url = servers.getUrl("embedded:mariadb", "kept");
		runner(url, "app.dbs.orders.required=false").run((context) -> {
			DatabaseStatistics statistics = context.getBean(DatabaseLifecycle.class).getStatistics("orders");
			Awaitility.await().until(() -> statistics.getFailedProbes() >= 2);
			Database orders = context.getBean(Databases.class).get("orders");
			Awaitility.await().until(() -> orders.getState() == DatabaseState.DOWN);
			assertThat(orders.getSnapshot().outage().reason())
				.startsWith("Database 'orders' (MariaDB) could not be migrated: " + NAME)
				.contains("You have an error in your SQL syntax;");
		});
	}

	@Test
	void whenAChangeSetWasChangedThenItIsNamed() {
		changelog(CREATE);
		String url = servers.getUrl("embedded:postgresql", "changed");
		runner(url).run((context) -> assertThat(context).hasNotFailed());
		changelog(MigrationFolder.changeSet("create", "create table item (name varchar(30))"));
		assertThat(analyze(url)).matches(
				"""
						Database 'orders' \\(PostgreSQL\\) could not be migrated: change sets were changed after they had been executed \\(checksum mismatch\\): db/changelog/orders/db.changelog-master.yaml::create::team was: 9:\\w+ but is now: 9:\\w+\\.

						Restore the executed change sets and put changes into new ones\\. If the database is correct, run Liquibase's 'clear-checksums', or set 'app.dbs.orders.liquibase.clear-checksums' to true once\\.""");
	}

	@Test
	void whenAnIncludedFileIsMissingThenItIsNamed() {
		changelog("  - include: { file: 'db/changelog/orders/nowhere.yaml' }");
		assertThat(analyze("jdbc:h2:mem:changelog-missing"))
			.startsWith("Database 'orders' (H2) could not be migrated: the changelog cannot be read. Liquibase says: ")
			.contains("db/changelog/orders/nowhere.yaml")
			.endsWith("\n\nCorrect the changelog, or 'app.dbs.orders.liquibase.change-log'.");
	}

	@Test
	void whenAPreconditionFailsThenTheChangeSetIsNamed() {
		changelog(
				"  - changeSet: { id: broken, author: team, preConditions: [ { tableExists: { tableName: nowhere } } ], changes: [ ] }");
		assertThat(analyze("jdbc:h2:mem:changelog-precondition"))
			.startsWith("Database 'orders' (H2) could not be migrated: the preconditions of " + NAME + " are not met: ")
			.contains("nowhere does not exist")
			.endsWith("\n\nCorrect the preconditions, or the database, and start again.");
	}

	@Test
	void whenTheLoginForMigrationsLacksPrivilegesThenItIsReported() {
		changelog(CREATE);
		String url = servers.getUrl("embedded:postgresql", "rights");
		runner(url, "app.dbs.orders.liquibase.enabled=false").run((context) -> client(context)
			.sql("create role weak login password 's3cr3t'; revoke create on schema public from public")
			.update());
		assertThat(analyze(url, "app.dbs.orders.liquibase.user=weak", "app.dbs.orders.liquibase.password=s3cr3t"))
			.isEqualTo(
					"""
							Database 'orders' (PostgreSQL) could not be migrated: the driver says: ERROR: permission denied for schema public
							  Position: 14

							Check the privileges of the login for migrations ('app.dbs.orders.liquibase.user'): it must own the schema, or be allowed to create tables in it.""");
	}

	@Test
	void whenTheLoginForMigrationsIsRefusedThenItIsReported() {
		changelog(CREATE);
		String url = servers.getUrl("embedded:mariadb", "refused");
		assertThat(analyze(url, "app.dbs.orders.liquibase.user=nobody", "app.dbs.orders.liquibase.password=s3cr3t"))
			.startsWith(
					"Database 'orders' (MariaDB) could not be migrated: the server refused the login for migrations: username or password is wrong. The driver says: ")
			.endsWith("Correct 'app.dbs.orders.liquibase.user' and 'app.dbs.orders.liquibase.password'.");
	}

	@Test
	void whenTheServerIsNotRunningThenItIsReportedAsWithoutChangelog() {
		changelog(CREATE);
		assertThat(analyze("postgresql://127.0.0.1:1/orders", "app.dbs.orders.startup.timeout=50ms"))
			.startsWith("Database 'orders' (PostgreSQL at 127.0.0.1:1/orders) could not be opened: "
					+ "the connection was refused, no server listens there.");
	}

	@Test
	void whenADeadInstanceHoldsTheLockThenItIsNamed() {
		changelog(CREATE);
		String url = servers.getUrl("embedded:postgresql", "locked");
		runner(url).run((context) -> lock(context, "dead-host (10.0.0.1)", Instant.parse("2026-01-02T03:04:05Z")));
		changelog(CREATE, MigrationFolder.changeSet("more", "select 1"));
		assertThat(analyze(url)).isEqualTo(
				"""
						Database 'orders' (PostgreSQL) could not be migrated: Liquibase did not get its lock in time: 'dead-host (10.0.0.1)' has held the lock in 'databasechangeloglock' since 2026-01-02T03:04:05Z.

						If that instance is still migrating, wait until it has finished. If it no longer runs, release its lock with Liquibase's 'release-locks', or with UPDATE DATABASECHANGELOGLOCK SET LOCKED = FALSE, LOCKGRANTED = NULL, LOCKEDBY = NULL WHERE ID = 1.""");
		runner(url, "app.dbs.orders.required=false").run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			Awaitility.await().until(() -> orders.getState() == DatabaseState.DOWN);
			assertThat(orders.getSnapshot().outage().reason()).contains("'dead-host (10.0.0.1)' has held the lock");
			unlock(url);
			Awaitility.await().until(() -> !select(context, "select 'open'").isEmpty());
		});
	}

	private static void lock(ApplicationContext context, String holder, Instant since) {
		client(context).sql("update databasechangeloglock set locked = true, lockedby = ?, lockgranted = ?")
			.params(holder, Timestamp.from(since))
			.update();
	}

	private void unlock(String url) {
		runner(url, "app.dbs.orders.liquibase.enabled=false").run((context) -> client(context)
			.sql("update databasechangeloglock set locked = false, lockedby = null, lockgranted = null")
			.update());
	}

	private String analyze(String url, String... properties) {
		return FailureText.ofStart(runner(url, properties));
	}

	private void changelog(String... changeSets) {
		new MigrationFolder(this.folder).changelog("orders", changeSets);
	}

	private static JdbcClient client(ApplicationContext context) {
		return context.getBean("ordersJdbcClient", JdbcClient.class);
	}

	private static List<String> select(ApplicationContext context, String query) {
		try {
			return client(context).sql(query).query(String.class).list();
		}
		catch (DataAccessException ex) {
			return List.of();
		}
	}

	private ApplicationContextRunner runner(String url, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withClassLoader(new MigrationFolder(this.folder).classLoader())
			.withPropertyValues("app.dbs.orders.url=" + url)
			.withPropertyValues(properties);
	}

}
