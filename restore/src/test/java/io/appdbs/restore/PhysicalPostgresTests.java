package io.appdbs.restore;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.restore.program.ProgramRun;
import io.appdbs.restore.sql.Sql;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Restores whole clusters of PostgreSQL.
 */
@RequiresPrograms({ "initdb", "postgres", "pg_basebackup", "pgbackrest" })
class PhysicalPostgresTests {

	private static LocalPostgres server;

	@TempDir
	private static Path folder;

	private static Path configuration;

	private static String beforeDelete;

	@BeforeAll
	static void backUp() throws Exception {
		configuration = folder.resolve("pgbackrest.conf");
		server = new LocalPostgres("-c", "archive_mode=on", "-c",
				"archive_command=pgbackrest --config=" + configuration + " --stanza=orders archive-push %p");
		Files.writeString(configuration, """
				[global]
				repo1-path=%1$s/repository
				log-path=%1$s
				lock-path=%1$s
				spool-path=%1$s
				log-level-console=off
				log-level-file=off
				start-fast=y
				[orders]
				pg1-path=%2$s
				pg1-port=%3$d
				pg1-socket-path=%4$s
				pg1-user=postgres
				""".formatted(folder, server.getData(), server.getPort(), server.getFolder()));
		// the command line of this server overrides them
		server.execute("postgres", "ALTER SYSTEM SET archive_mode = on",
				"ALTER SYSTEM SET archive_command = 'touch " + folder.resolve("archived") + "'",
				"ALTER SYSTEM SET shared_preload_libraries = 'no_such_library'",
				"ALTER SYSTEM SET synchronous_standby_names = 'standby'");
		server.createShop(1000);
		pgBackRest("stanza-create");
		pgBackRest("--type=full", "backup");
		String backUp = readClock();
		// pgBackRest compares seconds
		Awaitility.await().until(() -> !readClock().equals(backUp));
		server.execute("orders", "INSERT INTO item (customer, total, placed) VALUES (1, 1, now())");
		try (Connection connection = server.connect("orders")) {
			beforeDelete = new Sql(connection).strings("SELECT now()::text").get(0);
		}
		server.execute("orders", "DELETE FROM item", "SELECT pg_switch_wal()");
		pgBackRest("check");
	}

	@AfterAll
	static void stopServer() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	private static String readClock() throws Exception {
		try (Connection connection = server.connect("orders")) {
			return new Sql(connection).strings("SELECT date_trunc('second', now())::text").get(0);
		}
	}

	private static void pgBackRest(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("pgbackrest", "--config=" + configuration, "--stanza=orders"));
		command.addAll(List.of(arguments));
		new ProgramRun(command).run();
	}

	@Test
	void whenCommandRestoresAPointInTimeThenItIsVerified() throws Exception {
		RestoreReport report = RestoreCheck.of("orders")
			.command("pgbackrest", "--config=" + configuration, "--stanza=orders", "--pg1-path={data}", "--type=time",
					"--target=" + beforeDelete, "restore")
			.migrationVersionAtLeast("10")
			.rowCountAtLeast("item", 1001)
			.newerThan("select max(placed) from item", Duration.ofHours(26))
			.constraints()
			.amcheck()
			.run();
		assertThat(report.rowCounts()).containsEntry("item", 1001L);
		assertThat(report.backup()).isEqualTo("pgbackrest");
	}

	@Test
	void whenLatestIsRestoredThenDeletedRowsAreFound() {
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> RestoreCheck.of("orders")
				.command("pgbackrest", "--config=" + configuration, "--stanza=orders", "--pg1-path={data}", "restore")
				.notEmpty("item")
				.run())
			.withMessage("""
					The backup of 'orders' (pgbackrest) is not verified:
					- Table 'item' has 0 rows. Expected: at least 1.""");
	}

	@Test
	void whenFolderIsABaseBackupThenItIsVerified() throws Exception {
		Path backup = folder.resolve("base");
		server.run("pg_basebackup", "-h", "127.0.0.1", "-p", Integer.toString(server.getPort()), "-U", "postgres", "-D",
				backup.toString(), "-X", "stream", "-c", "fast");
		RestoreReport report = RestoreCheck.of("orders").folder(backup).notEmpty("customer").amcheck().run();
		assertThat(report.isVerified()).isTrue();
	}

	@Test
	void whenAnIndexIsDamagedThenAmcheckFindsIt() throws Exception {
		Path backup = folder.resolve("damaged");
		server.run("pg_basebackup", "-h", "127.0.0.1", "-p", Integer.toString(server.getPort()), "-U", "postgres", "-D",
				backup.toString(), "-X", "stream", "-c", "fast");
		String file;
		try (Connection connection = server.connect("orders")) {
			file = new Sql(connection).strings("SELECT pg_relation_filepath('customer_pkey')").get(0);
		}
		try (RandomAccessFile index = new RandomAccessFile(backup.resolve(file).toFile(), "rw")) {
			// the items of the root page
			index.seek(8192 + 4000);
			index.write(new byte[3000]);
		}
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(
					() -> RestoreCheck.of("orders").folder(backup).notEmpty("customer").amcheck().constraints().run())
			.satisfies((ex) -> assertThat(ex.getReport().steps()).hasSize(7))
			.withMessageMatching("""
					The backup of 'orders' \\(damaged\\) is not verified:
					- Index 'customer_pkey' is damaged: ERROR: .*""");
	}

	@Test
	void whenRowsViolateAForeignKeyThenConstraintsFindThem() throws Exception {
		server.execute("postgres", "CREATE DATABASE broken");
		server.execute("broken", "CREATE TABLE parent (a int, b int, PRIMARY KEY (a, b))",
				"CREATE TABLE child (id int PRIMARY KEY, x int, y int, CONSTRAINT child_parent FOREIGN KEY (y, x) REFERENCES parent (b, a))",
				"SET session_replication_role = replica", "INSERT INTO parent VALUES (1, 2)",
				"INSERT INTO child VALUES (1, 1, 2), (2, NULL, 7), (3, 2, 1)");
		Path backup = folder.resolve("broken");
		server.run("pg_basebackup", "-h", "127.0.0.1", "-p", Integer.toString(server.getPort()), "-U", "postgres", "-D",
				backup.toString(), "-X", "stream", "-c", "fast");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> RestoreCheck.of("broken").folder(backup).constraints().amcheck().run())
			.withMessage("""
					The backup of 'broken' (broken) is not verified:
					- Foreign key 'child_parent' of table 'child' is violated by 1 row.""");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> RestoreCheck.of("missing").folder(backup).run())
			.withMessage("""
					The backup of 'missing' (broken) is not verified:
					- The restored server has no database 'missing'. Known: broken, orders, postgres. \
					Name the right one with database("…").""");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> RestoreCheck.of("broken").folder(backup).superuser("admin").run())
			.withMessage("""
					The backup of 'broken' (broken) is not verified:
					- Step 'start' failed: FATAL: role "admin" does not exist.""");
	}

	@Test
	void settingsOfTheOriginalServerHaveNoEffect() throws Exception {
		Path archived = folder.resolve("archived");
		assertThat(RestoreCheck.of("orders")
			.command("pgbackrest", "--config=" + configuration, "--stanza=orders", "--pg1-path={data}", "restore")
			.noRows("select 1 from pg_settings where name = 'archive_mode' and setting <> 'off'")
			.run()
			.isVerified()).isTrue();
		assertThat(archived).doesNotExist();
	}

}
