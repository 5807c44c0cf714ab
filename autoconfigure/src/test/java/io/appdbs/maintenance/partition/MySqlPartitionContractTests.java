package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.partition.MySqlPartitioning;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.LoggedLines;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Contract for partitions of MySQL and MariaDB.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MySqlPartitionContractTests {

	static final String PARTITIONS = """
			SELECT CONCAT(PARTITION_NAME, ' ', PARTITION_DESCRIPTION) FROM information_schema.PARTITIONS
			WHERE TABLE_SCHEMA = 'test' AND TABLE_NAME = 'event' ORDER BY PARTITION_ORDINAL_POSITION""";

	@AutoClose
	private final PartitionServers server;

	private final String denial;

	/**
	 * Creates the tests.
	 * @param denial the server's message that the user {@code app} may not alter the
	 * table
	 */
	MySqlPartitionContractTests(PartitionServers server, String denial) {
		this.server = server;
		this.denial = denial;
	}

	PartitionServers server() {
		return this.server;
	}

	@BeforeEach
	void dropTables() throws SQLException {
		this.server.setNow("2026-11-26T15:00:00Z");
		this.server.execute("DROP TABLE IF EXISTS event, event_old, event_p2026_09, event_p2026_08");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "DATE; RANGE COLUMNS (created); '2026-11-01'; '2027-03-01'",
					"DATETIME; RANGE COLUMNS (created); '2026-11-01'; '2027-03-01 00:00:00'",
					"DATE; RANGE (TO_DAYS(created)); 740286; 740406",
					"TIMESTAMP; RANGE (UNIX_TIMESTAMP(created)); 1793491200; 1803859200" },
			quoteCharacter = '"')
	void whenPartitionsAreMissingThenTheCurrentOneAndThoseAheadAreCreated(String type, String method, String bound,
			String last) throws Exception {
		create("created " + type, method, "old VALUES LESS THAN (%s)".formatted(bound));
		assertThat(prepare()).hasToString(
				"{until=2027-03-01T00:00:00Z, tables=[{table=`test`.`event`, created=[`p2026_11`, `p2026_12`, `p2027_01`, `p2027_02`], detached=[], dropped=[], until=2027-03-01T00:00:00Z}]}");
		assertThat(this.server.query(PARTITIONS)).hasSize(5).startsWith("old " + bound).endsWith("p2027_02 " + last);
		assertThat(prepare().toString()).contains("created=[]");
		this.server.execute("INSERT INTO event VALUES ('2027-02-28')");
		this.server.setNow("2026-12-26T15:00:00Z");
		assertThat(prepare().toString()).contains("created=[`p2027_03`]");
	}

	@Test
	void whenTheLastPartitionHasEndedLongAgoThenTheCurrentOneBeginsThere() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)", "old VALUES LESS THAN ('2024-05-17')");
		assertThat(prepare().toString()).contains("created=[`p2026_11`, `p2026_12`,");
		this.server.execute("INSERT INTO event VALUES ('2025-01-01')");
	}

	@Test
	void subPartitionsAreThoseOfTheTable() throws Exception {
		this.server.execute("""
				CREATE TABLE event (created DATE, id INT) PARTITION BY RANGE (TO_DAYS(created))
				SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION old VALUES LESS THAN (TO_DAYS('2026-11-01')))""");
		assertThat(prepare().toString()).contains("created=[`p2026_11`, `p2026_12`, `p2027_01`, `p2027_02`]");
		assertThat(prepare().toString()).contains("created=[]");
	}

	@Test
	void partitionsAreDropped() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)",
				"old VALUES LESS THAN ('2026-09-01'), PARTITION p2026_09 VALUES LESS THAN ('2026-10-01'), PARTITION p2026_10 VALUES LESS THAN ('2026-11-01')");
		assertThat(prepare("partitions[0].keep", "2 months", "partitions[0].drop", "true").toString())
			.contains("detached=[], dropped=[`old`]");
		assertThat(this.server.query(PARTITIONS)).first().isEqualTo("p2026_09 '2026-10-01'");
	}

	@Test
	void whenAnotherTransactionUsesTheTableThenThatIsLoggedAndTheStartGoesOn() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)", "current VALUES LESS THAN ('2026-12-01')");
		try (Connection other = this.server.connect(); LoggedLines log = new LoggedLines()) {
			other.setAutoCommit(false);
			PartitionServers.query(other, "SELECT * FROM event");
			assertThat(prepare()).containsEntry("problem", "`test`.`event` is locked by another session.");
			assertThat(log.messages()).containsExactly(
					"Partitions of database 'orders' could not be created or removed: `test`.`event` is locked by another session. Rows of `test`.`event` can be inserted until 2026-12-01T00:00:00Z. This is retried.");
			other.rollback();
		}
		assertThat(prepare().toString()).contains("`p2027_02`").doesNotContain("problem");
	}

	@Test
	void whenTheLastPartitionHasNoEndThenTheFixIsNamed() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)",
				"current VALUES LESS THAN ('2026-12-01'), PARTITION rest VALUES LESS THAN (MAXVALUE)");
		assertFailure(
				"Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which has the partition `rest` for VALUES LESS THAN MAXVALUE, after which there can be no other.",
				"If it is empty: ALTER TABLE `test`.`event` DROP PARTITION `rest`; otherwise divide it with 'ALTER TABLE `test`.`event` REORGANIZE PARTITION `rest` INTO (…)', which copies its rows.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '"', value = { "id INT; LIST (id); a VALUES IN (1); by LIST",
			"id INT; RANGE (id); a VALUES LESS THAN (1); by RANGE (`id`)",
			"created DATE; RANGE (YEAR(created)); a VALUES LESS THAN (2026); by RANGE (year(`created`))",
			"a DATE, b DATE; RANGE COLUMNS (a, b); a VALUES LESS THAN ('2026-01-01', '2026-01-01'); by several columns (`a`,`b`)",
			"id INT; RANGE COLUMNS (id); a VALUES LESS THAN (1); by the column 'id' of type int" })
	void whenATableIsPartitionedOtherwiseThenTheAlternativesAreNamed(String columns, String method, String partition,
			String how) throws SQLException {
		create(columns, method, partition);
		assertFailure(
				"Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which is partitioned %s."
					.formatted(how),
				"Only partitions by RANGE COLUMNS (column) with one column of type DATE or DATETIME, by RANGE (TO_DAYS(column)) or by RANGE (UNIX_TIMESTAMP(column)) are created ahead.");
	}

	@Test
	void whenATableIsNotPartitionedOrMissingThenTheFixIsNamed() throws SQLException {
		this.server.execute("CREATE TABLE event (created DATE)");
		assertFailure("Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which is not partitioned.",
				"Partition it in a migration with 'ALTER TABLE … PARTITION BY RANGE COLUMNS (column) (…)'.");
		this.server.execute("DROP TABLE event");
		assertFailure("Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which does not exist.",
				"Create it in a migration, or correct 'app.dbs.orders.partitions[0].table'. Tables that are partitioned by ranges: none.");
	}

	@Test
	void whenTheLoginHasNoRightsThenTheFixIsNamed() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)", "old VALUES LESS THAN ('2026-11-01')");
		this.server.execute("DROP USER IF EXISTS app", "CREATE USER app", "GRANT SELECT, INSERT ON test.* TO app");
		try {
			assertFailure(
					"Partitions of database 'orders' could not be created: `test`.`event` cannot be changed by this login: %s. Rows of `test`.`event` with the present time cannot be inserted."
						.formatted(this.denial),
					"Use a login with the privileges ALTER, CREATE, INSERT and DROP on the table.", "username", "app");
			this.server.execute("GRANT ALTER, CREATE, DROP ON test.* TO app");
			assertThat(prepare("username", "app").toString()).contains("p2027_02");
		}
		finally {
			this.server.execute("DROP USER app");
		}
	}

	@Test
	void whenTheDriverIsThatOfMySqlThenPartitionsAreTheSame() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)",
				"old VALUES LESS THAN ('2026-01-01'), PARTITION now VALUES LESS THAN ('2026-12-01')");
		assertThat(this.server
			.prepare(this.server.definitionAt(this.server.url().replace("mariadb:", "mysql:"), "partitions[0].table",
					"event", "partitions[0].interval", "month", "partitions[0].keep", "month", "partitions[0].drop",
					"true"))
			.toString()).contains("created=[`p2026_12`, `p2027_01`, `p2027_02`], detached=[], dropped=[`old`]");
	}

	@Test
	void whenTheServerCannotDetachPartitionsThenTheyHaveToBeDropped() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)", "old VALUES LESS THAN ('2026-01-01')");
		DatabaseDefinition definition = this.server.definition("partitions[0].table", "event", "partitions[0].interval",
				"month", "partitions[0].keep", "month");
		PartitionTables tables = new PartitionTables(definition, definition.jdbcEngine(), new MySqlPartitioning());
		try (Connection connection = this.server.connect()) {
			assertThatExceptionOfType(DatabaseStartException.class)
				.isThrownBy(() -> tables.plan(connection, LocalDateTime.parse("2026-11-26T15:00")))
				.withMessage(
						"Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which has partitions that cannot be detached.")
				.extracting(DatabaseStartException::getAction)
				.isEqualTo(
						"Set 'app.dbs.orders.partitions[0].drop' to true, which deletes the rows, or remove 'app.dbs.orders.partitions[0].keep'.");
		}
	}

	@Test
	void othersReadAndWriteWhilePartitionsAreAdded() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)", "old VALUES LESS THAN ('2026-12-01')");
		try (BusyWriter writer = new BusyWriter(this.server, "INSERT INTO event VALUES ('2026-11-05')")) {
			assertThat(prepare("partitions[0].ahead", "60").toString()).contains("p2031_11").doesNotContain("problem");
			writer.awaitMore();
			String writes = String.valueOf(writer.end());
			assertThat(this.server.query("SELECT COUNT(*) FROM event")).containsExactly(writes);
		}
	}

	void create(String columns, String method, String partitions) throws SQLException {
		this.server
			.execute("CREATE TABLE event (%s) PARTITION BY %s (PARTITION %s)".formatted(columns, method, partitions));
	}

	@Nullable Map<String, Object> prepare(String... settings) throws Exception {
		List<String> all = new ArrayList<>(List.of("partitions[0].table", "event", "partitions[0].interval", "month"));
		all.addAll(List.of(settings));
		return this.server.prepare(this.server.definition(all.toArray(String[]::new)));
	}

	private void assertFailure(String message, String action, String... settings) {
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(() -> prepare(settings))
			.withMessage(message)
			.extracting(DatabaseStartException::getAction)
			.isEqualTo(action);
	}

}
