package io.appdbs.restore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

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
		server.createShop(1000);
		pgBackRest("stanza-create");
		pgBackRest("--type=full", "backup");
		server.execute("orders", "INSERT INTO item (customer, total, placed) VALUES (1, 1, now())");
		try (var connection = server.connect("orders")) {
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

	private static void pgBackRest(String... arguments) throws Exception {
		java.util.List<String> command = new java.util.ArrayList<>(
				java.util.List.of("pgbackrest", "--config=" + configuration, "--stanza=orders"));
		command.addAll(java.util.List.of(arguments));
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
		System.out.println(report);
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

}
