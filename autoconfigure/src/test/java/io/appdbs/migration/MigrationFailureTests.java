package io.appdbs.migration;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.testsupport.MigrationFolder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the failure analyses of databases that cannot be migrated.
 */
class MigrationFailureTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private Path folder;

	@Test
	void whenSqlIsBrokenThenFileAndLineAreNamed() {
		migrations().write("orders/V1__create.sql", "create table item (name varchar(20));")
			.write("orders/V2__broken.sql", "insert into item values ('one');\n\nselekt 1;\n");
		String url = servers.getUrl("embedded:postgresql", "broken");
		assertThat(analyze(url)).isEqualTo(
				"""
						Database 'orders' (PostgreSQL) could not be migrated: migration 'V2__broken.sql' failed at line 3. The driver says: ERROR: syntax error at or near "selekt"
						  Position: 1

						Correct 'V2__broken.sql' and start again. It was rolled back.""");
		migrations().write("orders/V2__broken.sql", "insert into item values ('one');\n");
		runner(url).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("ordersJdbcClient", JdbcClient.class)
				.sql("select name from item")
				.query(String.class)
				.list()).containsExactly("one");
		});
	}

	@Test
	void whenTheEngineCannotRollBackThenTheFailedMigrationIsReportedAgain() {
		migrations().write("orders/V1__broken.sql", "create table item (name varchar(20));\nselekt 1;\n");
		String url = servers.getUrl("embedded:mariadb", "broken");
		assertThat(analyze(url)).startsWith(
				"Database 'orders' (MariaDB) could not be migrated: migration 'V1__broken.sql' failed at line 2. The driver says: ")
			.endsWith(
					"Correct 'V1__broken.sql' and start again. MariaDB does not roll back statements that change the schema: undo what the migration did before it failed, and remove the failed entry with Flyway's 'repair'.");
		assertThat(analyze(url)).contains(
				"Database 'orders' (MariaDB) could not be migrated: it does not match the migrations of the application. Version 1 (broken) failed when it was applied");
	}

	@Test
	void whenTheMigrationOfAnOptionalDatabaseHasFailedThenLaterAttemptsKeepTheCause() {
		migrations().write("orders/V1__broken.sql", "create table item (name varchar(20));\nselekt 1;\n");
		String url = servers.getUrl("embedded:mariadb", "kept");
		runner(url, "app.dbs.orders.required=false").run((context) -> {
			DatabaseStatistics statistics = context.getBean(DatabaseLifecycle.class).getStatistics("orders");
			Awaitility.await().until(() -> statistics.getFailedProbes() >= 2);
			Database orders = context.getBean(Databases.class).get("orders");
			Awaitility.await().until(() -> orders.getSnapshot().outage() != null);
			assertThat(orders.getSnapshot().outage().reason()).startsWith(
					"Database 'orders' (MariaDB) could not be migrated: migration 'V1__broken.sql' failed at line 2. The driver says: ");
		});
	}

	@Test
	void whenAMigrationWasChangedThenItIsNamed() {
		migrations().write("orders/V1__create.sql", "create table item (name varchar(20));");
		String url = servers.getUrl("embedded:postgresql", "changed");
		runner(url).run((context) -> assertThat(context).hasNotFailed());
		Path file = this.folder.resolve("db/migration/orders/V1__create.sql");
		migrations().write("orders/V1__create.sql", "create table item (name varchar(30));");
		assertThat(analyze(url)).isEqualTo(
				"""
						Database 'orders' (PostgreSQL) could not be migrated: it does not match the migrations of the application. Version 1 (create) was changed after it had been applied (checksum mismatch), in %s.

						Restore the applied migrations and put changes into a new one. If the database is correct, run Flyway's 'repair'."""
					.formatted(file));
	}

	@Test
	void whenAnOlderMigrationWasNotAppliedThenOutOfOrderIsNamed() {
		migrations().write("orders/V2__create.sql", "create table item (name varchar(20));");
		String url = "jdbc:h2:mem:older;DB_CLOSE_DELAY=-1";
		runner(url).run((context) -> assertThat(context).hasNotFailed());
		migrations().write("orders/V1__older.sql", "create table older (name varchar(20));");
		assertThat(analyze(url)).isEqualTo(
				"""
						Database 'orders' (H2) could not be migrated: it does not match the migrations of the application. Version 1 (older) is older than the applied ones, but has not been applied, in %s.

						Give the migration a version above the applied ones, or set 'app.dbs.orders.flyway.out-of-order' to true to execute it now."""
					.formatted(this.folder.resolve("db/migration/orders/V1__older.sql")));
		runner(url, "app.dbs.orders.flyway.out-of-order=true").run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenALocationIsMissingThenItIsNamed() {
		assertThat(analyze("jdbc:h2:mem:missing", "app.dbs.orders.flyway.locations=classpath:db/nowhere")).isEqualTo("""
				Database 'orders' (H2) could not be migrated: the location 'classpath:db/nowhere' does not exist.

				Correct 'app.dbs.orders.flyway.locations', or create the location.""");
	}

	@Test
	void whenFlywayWouldIgnoreScriptsThenTheyAreNamed() {
		migrations().write("orders/V1__create.sql", "create table item (name varchar(20));")
			.write("orders/V2_fill.sql", "insert into item values ('one');")
			.write("orders/v3__fill.sql", "insert into item values ('two');");
		assertThat(analyze("jdbc:h2:mem:ignored;DB_CLOSE_DELAY=-1")).isEqualTo(
				"""
						Database 'orders' (H2) could not be migrated: Flyway would ignore scripts because of their names. It says: Invalid versioned migration name format: V2_fill.sql (could not recognise version number 2_fill); Unrecognised migration name format: v3__fill.sql

						Rename them, for example to 'V2__add_total.sql' with two underscores, or set 'app.dbs.orders.flyway.validate-migration-naming' to false to have them ignored.""");
		runner("jdbc:h2:mem:ignored", "app.dbs.orders.flyway.validate-migration-naming=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("ordersJdbcClient", JdbcClient.class)
				.sql("select count(*) from item")
				.query(Integer.class)
				.single()).isZero();
		});
	}

	@Test
	void whenTheLoginForMigrationsLacksPrivilegesThenItIsReported() {
		migrations().write("orders/V1__create.sql", "create table item (name varchar(20));");
		String url = servers.getUrl("embedded:postgresql", "rights");
		runner(url, "app.dbs.orders.flyway.enabled=false")
			.run((context) -> context.getBean("ordersJdbcClient", JdbcClient.class)
				.sql("create role weak login password 's3cr3t'; revoke create on schema public from public")
				.update());
		assertThat(analyze(url, "app.dbs.orders.flyway.username=weak", "app.dbs.orders.flyway.password=s3cr3t"))
			.isEqualTo(
					"""
							Database 'orders' (PostgreSQL) could not be migrated: the driver says: ERROR: permission denied for schema public
							  Position: 14

							Check the privileges of the login for migrations ('app.dbs.orders.flyway.username'): it must own the schema, or be allowed to create tables in it.""");
	}

	@Test
	void whenTheLoginForMigrationsIsRefusedThenItIsReported() {
		migrations().write("orders/V1__create.sql", "create table item (name varchar(20));");
		String url = servers.getUrl("embedded:mariadb", "refused");
		assertThat(analyze(url, "app.dbs.orders.flyway.username=nobody", "app.dbs.orders.flyway.password=s3cr3t"))
			.startsWith(
					"Database 'orders' (MariaDB) could not be migrated: the server refused the login for migrations: username or password is wrong. The driver says: ")
			.endsWith("Correct 'app.dbs.orders.flyway.username' and 'app.dbs.orders.flyway.password'.");
	}

	@Test
	void whenTheServerIsNotRunningThenItIsReportedAsWithoutMigrations() {
		migrations().write("orders/V1__create.sql", "create table item (name varchar(20));");
		assertThat(analyze("postgresql://127.0.0.1:1/orders", "app.dbs.orders.startup.timeout=50ms"))
			.startsWith("Database 'orders' (PostgreSQL at 127.0.0.1:1/orders) could not be opened: "
					+ "the connection was refused, no server listens there.");
	}

	@Test
	void whenOneDatabaseFailsThenTheOthersAreClosed() {
		migrations().write("orders/V1__broken.sql", "selekt 1;")
			.write("audit/V1__create.sql", "create table item (name varchar(20));");
		analyze("jdbc:h2:mem:half-orders", "app.dbs.audit.url=jdbc:h2:mem:half-audit");
		// a database in memory is gone with its last connection
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> DriverManager.getConnection("jdbc:h2:mem:half-audit;IFEXISTS=TRUE"))
			.withMessageContaining("not found");
	}

	private String analyze(String url, String... properties) {
		return FailureText.ofStart(runner(url, properties));
	}

	private MigrationFolder migrations() {
		return new MigrationFolder(this.folder);
	}

	private ApplicationContextRunner runner(String url, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withClassLoader(migrations().classLoader())
			.withPropertyValues("app.dbs.orders.url=" + url)
			.withPropertyValues(properties);
	}

}
