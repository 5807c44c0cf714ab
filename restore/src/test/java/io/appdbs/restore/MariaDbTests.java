package io.appdbs.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.DigestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Restores dumps and files of the installed MariaDB.
 */
@RequiresPrograms({ "mariadb-install-db", "mariadbd", "mysqldump", "mariadb-backup" })
class MariaDbTests {

	private static final int ROWS = 1000;

	private static LocalMariaDb server;

	@TempDir
	private static Path folder;

	private static Path dump;

	@BeforeAll
	static void backUp() throws Exception {
		server = new LocalMariaDb();
		server.createShop("orders", ROWS);
		dump = server.dump(folder.resolve("orders.sql"), "orders");
		server.backUp("--target-dir=" + folder.resolve("full"));
		server.execute("orders", "INSERT INTO item (customer, total, placed) VALUES (1, 1, utc_timestamp())");
		server.backUp("--target-dir=" + folder.resolve("incremental"),
				"--incremental-basedir=" + folder.resolve("full"));
	}

	@AfterAll
	static void stopServer() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	private static RestoreCheck check(Path dump) {
		return RestoreCheck.of("orders").dump(dump).into(RestoreTarget.embeddedMariaDb());
	}

	private static RestoreCheck withChecks(RestoreCheck check, int rows) {
		return check.migrationVersionAtLeast("9.1")
			.notEmpty("customer")
			.rowCountAtLeast("item", rows)
			.newerThan("select max(placed) from item", Duration.ofHours(26))
			.constraints()
			.checkTables();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "--databases" })
	void whenDumpIsCompleteThenItIsVerified(String option) throws Exception {
		Path file = option.isEmpty() ? dump : server.dump(folder.resolve("databases.sql"), option, "orders");
		RestoreReport report = withChecks(check(file), ROWS).run();
		System.out.println(report);
		assertThat(report.rowCounts()).containsEntry("item", (long) ROWS);
		assertThat(report.backupServer()).startsWith("MariaDB 10.");
		assertThat(report.scratchServer()).startsWith("MariaDB 11.4.");
	}

	@Test
	void whenDumpIsCompressedThenItIsVerified() throws Exception {
		Path file = folder.resolve("orders.sql.gz");
		try (GZIPOutputStream stream = new GZIPOutputStream(Files.newOutputStream(file))) {
			Files.copy(dump, stream);
		}
		assertThat(withChecks(check(file), ROWS).run().isVerified()).isTrue();
	}

	@Test
	void whenBackupIsPreparedWithItsIncrementThenItIsVerified() throws Exception {
		String before = digest(folder.resolve("incremental"));
		RestoreReport report = withChecks(RestoreCheck.of("orders")
			.mariaDbBackup(folder.resolve("full"), folder.resolve("incremental")), ROWS + 1)
			.run();
		System.out.println(report);
		assertThat(report.rowCounts()).containsEntry("item", ROWS + 1L);
		assertThat(report.scratchServer()).startsWith("MariaDB 10.");
		assertThat(digest(folder.resolve("incremental"))).isEqualTo(before);
	}

	private static String digest(Path folder) throws IOException {
		StringBuilder digests = new StringBuilder();
		try (Stream<Path> files = Files.walk(folder)) {
			for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
				digests.append(file).append(DigestUtils.md5DigestAsHex(Files.readAllBytes(file)));
			}
		}
		return DigestUtils.md5DigestAsHex(digests.toString().getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void whenBackupIsNotPreparedThenItIsNotVerified() {
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> RestoreCheck.of("orders").folder(folder.resolve("full")).run())
			.withMessage("""
					The backup of 'orders' (full) is not verified:
					- The backup of mariadb-backup is not prepared. Use mariaDbBackup(…), which prepares a copy.""");
	}

}
