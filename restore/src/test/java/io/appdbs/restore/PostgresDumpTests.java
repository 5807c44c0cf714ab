package io.appdbs.restore;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.appdbs.restore.sql.Sql;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Restores dumps of the installed PostgreSQL into an embedded one.
 */
@RequiresPrograms({ "initdb", "pg_dump", "pg_restore", "psql" })
class PostgresDumpTests {

	private static final int ROWS = Integer.getInteger("appdbs.restore.rows", 2_000);

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
		System.out.println(report.backup() + ": " + report.steps());
		assertThat(report.isVerified()).isTrue();
		assertThat(report.rowCounts()).containsEntry("item", (long) ROWS).containsEntry("customer", 100L);
		assertThat(report.backupServer()).startsWith("PostgreSQL 15.");
		assertThat(report.scratchServer()).startsWith("PostgreSQL 18.");
		assertThat(report.steps()).extracting(RestoreReport.Step::name)
			.containsExactly("read", "start", "restore", "tables", "rows", "migration version", "rows of public.item",
					"rows of customer", "rows of item", "freshness", "no rows", "constraints", "amcheck");
	}

	@Test
	void whenDumpIsTruncatedThenItIsNotVerified() throws Exception {
		byte[] bytes = Files.readAllBytes(dump);
		Path truncated = Files.write(folder.resolve("truncated.dump"), Arrays.copyOf(bytes, bytes.length / 2));
		assertFindings(check(truncated),
				"pg_restore failed with exit code 1: pg_restore: error: could not read from input file: end of file");
	}

	@Test
	void whenDumpIsCorruptedThenItIsNotVerified() throws Exception {
		byte[] bytes = Files.readAllBytes(dump);
		Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 100, (byte) 0);
		Path corrupted = Files.write(folder.resolve("corrupted.dump"), bytes);
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> check(corrupted).run())
			.withMessageContaining(
					"- pg_restore failed with exit code 1: pg_restore: error: could not uncompress data: ");
	}

	@Test
	void whenSqlIsTruncatedThenItIsNotVerified() throws Exception {
		Path sql = server.dump("orders", folder.resolve("whole.sql"), "-Fp");
		String text = Files.readString(sql);
		Path truncated = Files.writeString(folder.resolve("truncated.sql"), text.substring(0, text.length() / 2));
		assertFindings(check(truncated), "The dump " + truncated
				+ " is not complete: it does not end with '-- PostgreSQL database dump complete'.");
	}

	@Test
	void whenSqlIsCorruptedThenItIsNotVerified() throws Exception {
		Path sql = server.dump("orders", folder.resolve("good.sql"), "-Fp");
		Path corrupted = Files.writeString(folder.resolve("corrupted.sql"),
				Files.readString(sql)
					.replaceFirst("\ncustomer 5", "\ncustomer\tmany\t5")
					.replaceFirst("\n77\t", "\n7x\t"));
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> check(corrupted).roles().run())
			.withMessageMatching("(?s).*- psql failed with exit code 3: ERROR:  invalid input syntax for type .*");
	}

	@Test
	void whenFileIsNotADumpThenItIsNotVerified() throws Exception {
		Path empty = Files.createFile(folder.resolve("empty.dump"));
		assertFindings(check(empty), "The dump " + empty + " is empty.");
		Path text = Files.writeString(folder.resolve("text.dump"), "Hello");
		assertFindings(check(text),
				"The file " + text + " is not a dump of pg_dump, mysqldump or mariadb-dump, or was made"
						+ " without comments, by which a complete dump is recognized.");
		Path missing = folder.resolve("missing.dump");
		assertFindings(check(missing), "The dump " + missing + " does not exist.");
		Path other = Files.createDirectory(folder.resolve("other"));
		assertFindings(check(other), "The folder " + other
				+ " has no toc.dat: it is not a dump of pg_dump. Restore other folders with folder(…).");
		Path mongo = Files.write(folder.resolve("mongo.archive"),
				new byte[] { 0x6d, (byte) 0xe2, (byte) 0x99, (byte) 0x81, 0, 0 });
		assertFindings(check(mongo), "The dump " + mongo + " is an archive of mongodump, which cannot be verified.");
	}

	@Test
	void whenDumpIsOfAnotherDatabaseThenItIsNotVerified() {
		RestoreCheck check = RestoreCheck.of("customers").dump(dump).into(RestoreTarget.embeddedPostgres());
		assertFindings(check, "The dump " + dump + " is one of the database 'orders'. Expected: 'customers'."
				+ " If this is the right database, name it with database(\"…\").");
		assertThat(check.database("orders").run().isVerified()).isTrue();
	}

	@Test
	void whenDumpHasNoRowsThenItIsNotVerified() throws Exception {
		server.execute("postgres", "CREATE DATABASE nothing");
		assertFindings(
				check(server.dump("orders", folder.resolve("schema.dump"), "-Fc", "--schema-only")).constraints(),
				"All tables of the restored database are empty.");
		assertFindings(RestoreCheck.of("nothing")
			.dump(server.dump("nothing", folder.resolve("nothing.dump"), "-Fc"))
			.into(RestoreTarget.embeddedPostgres()), "The restored database has no tables.");
	}

	@Test
	void whenSqlLeavesTheDatabaseThenItIsNotVerified() throws Exception {
		Path sql = server.dump("orders", folder.resolve("create.sql"), "-Fp", "--create");
		assertFindings(check(sql),
				"The dump " + sql + " contains statements that leave the database: CREATE DATABASE, \\connect."
						+ " Dump one database, named 'orders', without --create.");
	}

	@Test
	void whenServerIsOlderThenItIsNotVerified() throws Exception {
		Path sql = server.dump("orders", folder.resolve("old.sql"), "-Fp");
		Path newer = Files.writeString(folder.resolve("newer.sql"),
				Files.readString(sql).replaceFirst("from database version 15\\.\\d+", "from database version 99.1"));
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> check(newer).run())
			.withMessageMatching(
					"(?s).*- The dump .* is one of PostgreSQL 99.1 and cannot be verified on PostgreSQL 18\\.\\d+,"
							+ " which is older. Restore into version 99 or later.");
	}

	@Test
	void allFindingsAreReported() {
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> check(dump).migrationVersionAtLeast("10.1")
				.changeSets("7")
				.tables("item", "invoice", "sales.customer")
				.notEmpty("invoice")
				.rowCountAtLeast("customer", 101)
				.newerThan("select max(placed) - interval '2 days' from item", Duration.ofHours(26))
				.newerThan("select max(placed) from item where total < 0", Duration.ofHours(26))
				.noRows("select id from customer where id > 99")
				.noRows("select nonsense from customer")
				.checkTables()
				.amcheck()
				.run())
			.satisfies((ex) -> assertThat(ex.getReport().steps()).hasSize(16))
			.withMessageMatching(
					"""
							The backup of 'orders' \\(orders.dump\\) is not verified:
							- The migration version in 'flyway_schema_history' is 10. Expected: 10.1 or later.
							- There is no table 'databasechangelog', so the change set '7' is missing.
							- Table 'invoice' is missing. Known: customer, flyway_schema_history, item.
							- Table 'sales.customer' is missing. Known: customer, flyway_schema_history, item.
							- Table 'customer' has 100 rows. Expected: at least 101.
							- The data is too old: 'select max\\(placed\\) - interval '2 days' from item' returns \\S+Z, PT48H\\S* ago. Expected: at most PT26H.
							- The query 'select max\\(placed\\) from item where total < 0' returns no point in time. Expected: one that is at most PT26H ago.
							- The query 'select id from customer where id > 99' returns rows. Expected: none.
							- The check 'no rows' failed: ERROR: column "nonsense" does not exist.
							- checkTables\\(\\) is only for MariaDB and MySQL. Use amcheck\\(\\).""");
	}

	@Test
	void whenAMigrationHasFailedOrAConstraintIsNotValidThenItIsNotVerified() throws Exception {
		server.execute("postgres", "CREATE DATABASE failed");
		server.execute("failed",
				"""
						CREATE SCHEMA shop;
						CREATE TABLE shop.flyway_schema_history (installed_rank int, version text, type text, script text, success boolean);
						INSERT INTO shop.flyway_schema_history VALUES (1, '1.2', 'SQL', 'V1_2__a.sql', true), (2, NULL, 'SQL', 'R__v.sql', true),
							(3, '1.10', 'SQL', 'V1_10__b.sql', true), (4, '1.11', 'SQL', 'V1_11__c.sql', true),
							(5, '1.11', 'DELETE', 'V1_11__c.sql', true), (6, '1.12', 'SQL', 'V1_12__d.sql', false);
						CREATE TABLE databasechangelog (id text, exectype text);
						INSERT INTO databasechangelog VALUES ('1', 'EXECUTED'), ('2', 'FAILED');
						CREATE TABLE item (total int);
						INSERT INTO item VALUES (-1);
						ALTER TABLE item ADD CONSTRAINT positive CHECK (total > 0) NOT VALID""");
		Path file = server.dump("failed", folder.resolve("failed.dump"), "-Fc");
		assertFindings(
				RestoreCheck.of("failed")
					.dump(file)
					.into(RestoreTarget.embeddedPostgres())
					.migrationVersionAtLeast("1.11")
					.changeSets("1", "2")
					.constraints(),
				"Migration 'V1_12__d.sql' in 'shop.flyway_schema_history' has failed.",
				"The migration version in 'shop.flyway_schema_history' is 1.10. Expected: 1.11 or later.",
				"Change set '2' is missing in 'databasechangelog'.",
				"Constraint 'positive' of table 'item' is NOT VALID.",
				"Check constraint 'positive' of table 'item' is violated by 1 row.");
	}

	@Test
	void rolesAreCreated() throws Exception {
		server.execute("postgres", "CREATE DATABASE secured", "CREATE ROLE orders_app");
		server.execute("secured", "CREATE TABLE item (id int)", "INSERT INTO item VALUES (1)",
				"ALTER TABLE item ENABLE ROW LEVEL SECURITY", "CREATE POLICY own ON item TO orders_app USING (true)",
				"GRANT SELECT ON item TO orders_app");
		Path file = server.dump("secured", folder.resolve("secured.dump"), "-Fc");
		RestoreCheck check = RestoreCheck.of("secured").dump(file).into(RestoreTarget.embeddedPostgres());
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(check::run)
			.withMessageContaining("role \"orders_app\" does not exist")
			.withMessageEndingWith("\n  Name the roles that the dump mentions with roles(…).");
		assertThat(check.roles("orders_app")
			.noRows("select 1 where not has_table_privilege('orders_app', 'item', 'select')")
			.run()
			.isVerified()).isTrue();
	}

	@Test
	void whenServerIsRunningThenOnlyAnEmptyDatabaseIsRestoredInto() throws Exception {
		server.execute("postgres", "CREATE ROLE restorer SUPERUSER LOGIN PASSWORD 'se\"cret'",
				"CREATE DATABASE \"a b\"");
		RestoreCheck check = RestoreCheck.of("orders")
			.dump(dump)
			.into(RestoreTarget.server("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/a%20b?sslmode=disable",
					"restorer", "se\"cret"))
			.amcheck()
			.rowCountAtLeast("item", ROWS);
		assertThat(check.run().scratchServer()).startsWith("PostgreSQL 15.");
		assertFindings(check,
				"The database 'a b' at 127.0.0.1:" + server.getPort()
						+ " is not empty: it has public.customer, public.flyway_schema_history, public.item,"
						+ " public.item_id_seq. Nothing is restored into a database with content.");
	}

	@Test
	void whenThreadIsInterruptedThenAQueryIsAborted() throws Exception {
		server.execute("postgres", "CREATE DATABASE slow");
		RestoreCheck check = RestoreCheck.of("orders")
			.dump(dump)
			.into(RestoreTarget.server("jdbc:postgresql://127.0.0.1:" + server.getPort() + "/slow", "postgres", null))
			.noRows("select pg_sleep(1000)")
			.notEmpty("missing");
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread thread = new Thread(() -> failure.set(catchThrowable(check::run)));
		thread.start();
		try (Connection connection = server.connect("postgres")) {
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> !new Sql(connection)
					.strings(
							"SELECT 1 FROM pg_stat_activity WHERE datname = 'slow' AND query = 'select pg_sleep(1000)'")
					.isEmpty());
		}
		thread.interrupt();
		thread.join();
		assertThat(failure.get()).hasMessage("""
				The backup of 'orders' (orders.dump) is not verified:
				- The check was interrupted, in step 'no rows'.""");
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.doesNotContain("appdbs-restore-orders");
	}

	@Test
	void whenServerDoesNotAnswerThenTheCheckEnds() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertFindings(RestoreCheck.of("orders")
				.dump(dump)
				.into(RestoreTarget.server("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/orders",
						"postgres", null))
				.timeout(Duration.ofSeconds(2)), "The check did not end within PT2S, in step 'start'.");
		}
	}

	@Test
	void checksRunInParallel() throws Exception {
		Path report = folder.resolve("orders.json");
		RestoreCheck check = check(dump).rowCountAtLeast("item", ROWS).report(report);
		List<CompletableFuture<RestoreReport>> runs = Stream
			.generate(() -> CompletableFuture.supplyAsync(check::run, (task) -> new Thread(task).start()))
			.limit(3)
			.toList();
		for (CompletableFuture<RestoreReport> run : runs) {
			assertThat(run.get().isVerified()).isTrue();
		}
		assertThat(report).content().contains("\"ok\":true").contains("\"of\":\"orders.dump\"");
	}

	@Test
	void whenProgramsAreMissingThenThePackageIsNamed() throws Exception {
		Path none = Files.createDirectory(folder.resolve("none"));
		assertFindings(check(dump).programs(none), "There is no pg_restore in " + none
				+ ". Install Debian's package postgresql-client or Red Hat's postgresql, or name the folder with programs(…).");
	}

	private static void assertFindings(RestoreCheck check, String... findings) {
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(check::run)
			.satisfies((ex) -> assertThat(ex.getReport().findings()).containsExactly(findings));
	}

}
