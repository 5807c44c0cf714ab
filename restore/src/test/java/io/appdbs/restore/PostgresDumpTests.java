package io.appdbs.restore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Restores dumps of the installed PostgreSQL into an embedded one.
 */
@RequiresPrograms({ "initdb", "pg_dump", "pg_restore", "psql" })
class PostgresDumpTests {

	private static final int ROWS = Integer.getInteger("appdbs.restore.rows", 20_000);

	private static LocalPostgres server;

	@TempDir
	private static Path folder;

	private static Path dump;

	@BeforeAll
	static void createDump() throws Exception {
		server = new LocalPostgres();
		server.createShop(ROWS);
		dump = server.dump("orders", folder.resolve("orders.dump"), "-Fc");
	}

	@AfterAll
	static void stopServer() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	private static RestoreCheck check(Path dump) {
		return RestoreCheck.of("orders").dump(dump).into(RestoreTarget.embeddedPostgres());
	}

	@ParameterizedTest
	@CsvSource({ "-Fc, dump", "-Fd, directory", "-Ft, tar", "-Fp, sql" })
	void whenDumpIsCompleteThenItIsVerified(String format, String name) throws Exception {
		Path dump = server.dump("orders", folder.resolve(name), format, "--no-owner", "--no-privileges");
		RestoreReport report = check(dump).migrationVersionAtLeast("9.1")
			.tables("public.item")
			.notEmpty("customer")
			.rowCountAtLeast("item", ROWS)
			.newerThan("select max(placed) from item", Duration.ofHours(26))
			.noRows("select 1 from item where total < 0")
			.constraints()
			.amcheck()
			.run();
		System.out.println(report);
		assertThat(report.isVerified()).isTrue();
		assertThat(report.rowCounts()).containsEntry("item", (long) ROWS).containsEntry("customer", 100L);
		assertThat(report.backupServer()).startsWith("PostgreSQL 15.");
		assertThat(report.scratchServer()).startsWith("PostgreSQL 18.");
		assertThat(report.steps()).extracting(RestoreReport.Step::name)
			.containsExactly("read", "start", "restore", "tables", "migration version", "rows of public.item",
					"rows of customer", "rows of item", "freshness", "no rows", "constraints", "amcheck");
	}

	@Test
	void whenDumpIsTruncatedThenItIsNotVerified() throws Exception {
		byte[] bytes = Files.readAllBytes(dump);
		Path truncated = folder.resolve("truncated.dump");
		Files.write(truncated, java.util.Arrays.copyOf(bytes, bytes.length / 2));
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> check(truncated).run())
			.withMessage("""
					The backup of 'orders' (truncated.dump) is not verified:
					- pg_restore failed with exit code 1: pg_restore: error: could not read from input file: end of file""");
	}

}
