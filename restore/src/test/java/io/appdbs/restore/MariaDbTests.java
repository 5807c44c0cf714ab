package io.appdbs.restore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
		server.dump(folder.resolve("databases.sql"), "--databases", "orders");
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
	@ValueSource(strings = { "orders.sql", "databases.sql" })
	void whenDumpIsCompleteThenItIsVerified(String name) {
		RestoreReport report = withChecks(check(folder.resolve(name)), ROWS).run();
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
		RestoreReport report = withChecks(
				RestoreCheck.of("orders").mariaDbBackup(folder.resolve("full"), folder.resolve("incremental")),
				ROWS + 1)
			.run();
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
	void whenDumpIsTruncatedThenItIsNotVerified() throws Exception {
		byte[] bytes = Files.readAllBytes(dump);
		Path truncated = Files.write(folder.resolve("truncated.sql"), Arrays.copyOf(bytes, bytes.length / 2));
		assertFindings(check(truncated),
				"The dump " + truncated + " is not complete: it does not end with '-- Dump completed'.");
	}

	@Test
	void whenCompressedDumpIsTruncatedThenItIsNotVerified() throws Exception {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream stream = new GZIPOutputStream(bytes)) {
			Files.copy(dump, stream);
		}
		Path truncated = Files.write(folder.resolve("truncated.sql.gz"),
				Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
		assertFindings(check(truncated),
				"The dump " + truncated + " cannot be read: EOFException Unexpected end of ZLIB input stream.");
	}

	@Test
	void whenDumpIsCorruptedThenItIsNotVerified() throws Exception {
		String text = Files.readString(dump);
		Path corrupted = Files.writeString(folder.resolve("corrupted.sql"),
				text.replaceFirst("CREATE TABLE `item`", "CRE TE TABLE `item`"));
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> check(corrupted).run())
			.withMessageMatching(
					"(?s)The backup of 'orders' \\(corrupted.sql\\) is not verified:\n- (mariadb|mysql) failed"
							+ " with exit code 1: .*ERROR 1064 \\(42000\\) at line \\d+: You have an error in your SQL syntax;.*");
	}

	@Test
	void whenDumpHasSeveralDatabasesThenItIsNotVerified() throws Exception {
		server.execute("mysql", "CREATE DATABASE customers");
		Path all = server.dump(folder.resolve("several.sql"), "--databases", "orders", "customers");
		assertFindings(check(all),
				"The dump " + all + " contains statements that leave the database: CREATE of 'customers',"
						+ " USE of 'customers'. Dump one database, named 'orders', without --databases.");
	}

	@Test
	void whenDumpIsOfAnotherDatabaseThenItIsNotVerified() {
		RestoreCheck check = RestoreCheck.of("customers").dump(dump).into(RestoreTarget.embeddedMariaDb());
		assertFindings(check, "The dump " + dump + " is one of the database 'orders'. Expected: 'customers'."
				+ " If this is the right database, name it with database(\"…\").");
	}

	@Test
	void whenDumpIsOfAnotherProductThenItIsNotVerified() {
		RestoreCheck check = RestoreCheck.of("orders").dump(dump).into(RestoreTarget.embeddedPostgres());
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(check::run)
			.withMessageMatching(
					"(?s).*- The dump .* is one of MariaDB 10\\.[\\d.]+ and cannot be verified on PostgreSQL 18\\.\\d+."
							+ " Restore into a server of the same product.");
	}

	@Test
	void whenServerIsOlderThenItIsNotVerified() throws Exception {
		Path newer = Files.writeString(folder.resolve("newer.sql"),
				Files.readString(dump).replaceFirst("Server version\t10[^-]*", "Server version\t12.3.1"));
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> check(newer).run())
			.withMessageMatching(
					"(?s).*- The dump .* is one of MariaDB 12.3.1 and cannot be verified on MariaDB 11\\.[\\d.]+,"
							+ " which is older. Restore into version 12.3 or later.");
	}

	@Test
	void whenRowsViolateAForeignKeyThenConstraintsFindThem() throws Exception {
		server.execute("mysql", "CREATE DATABASE broken");
		server.execute("broken", "CREATE TABLE parent (id int PRIMARY KEY)",
				"CREATE TABLE child (id int PRIMARY KEY, parent int, CONSTRAINT child_parent FOREIGN KEY (parent) REFERENCES parent (id))",
				"SET foreign_key_checks = 0", "INSERT INTO child VALUES (1, NULL), (2, 7), (3, 8)");
		Path file = server.dump(folder.resolve("broken.sql"), "broken");
		assertFindings(
				RestoreCheck.of("broken").dump(file).into(RestoreTarget.embeddedMariaDb()).constraints().amcheck(),
				"Foreign key 'child_parent' of table 'child' is violated by 2 rows.",
				"amcheck() is only for PostgreSQL. Use checkTables().");
	}

	private static void assertFindings(RestoreCheck check, String... findings) {
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(check::run)
			.satisfies((ex) -> assertThat(ex.getReport().findings()).containsExactly(findings));
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
