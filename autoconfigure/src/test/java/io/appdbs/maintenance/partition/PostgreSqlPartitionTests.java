package io.appdbs.maintenance.partition;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.inspection.FindingCheck;
import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;
import io.appdbs.lifecycle.VerificationFailedException;
import io.appdbs.rls.verify.RlsVerification;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.SeparateThread;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for partitions of PostgreSQL.
 */
class PostgreSqlPartitionTests {

	private static final String PARTITIONS = """
			SELECT c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid)
			FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
			WHERE i.inhparent = '%s'::regclass ORDER BY 1""";

	private static final String FIX = "The application creates partitions every day. Its log, and the report 'partitions' of the database at the endpoint, say why it could not.";

	@AutoClose
	private static final PartitionServers server = new PartitionServers("postgresql");

	@BeforeEach
	void createSchema() throws SQLException {
		server.setNow("2026-11-26T15:00:00Z");
		server.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "DROP SCHEMA IF EXISTS sales CASCADE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "date", "timestamp", "timestamptz" })
	void whenATableHasNoPartitionsThenTheCurrentOneAndThoseAheadAreCreated(String type) throws Exception {
		create("created " + type);
		assertThat(prepare()).hasToString(
				"{until=2027-03-01T00:00:00Z, tables=[{table=public.event, created=[public.event_p2026_11, public.event_p2026_12, public.event_p2027_01, public.event_p2027_02], detached=[], dropped=[], until=2027-03-01T00:00:00Z}]}");
		assertThat(names()).containsExactly("event_p2026_11", "event_p2026_12", "event_p2027_01", "event_p2027_02");
		server.execute("INSERT INTO event VALUES ('2026-11-01'), ('2027-02-28 23:59:59.999999')");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTC", "America/New_York", "Asia/Kathmandu", "Europe/Berlin" })
	void boundsAreThoseOfUtcForAnyTimeZoneOfTheSession(String zone) throws Exception {
		create("created timestamptz");
		DatabaseDefinition definition = server.definition("partitions[0].table", "event", "partitions[0].interval",
				"month", "partitions[0].ahead", "6");
		PartitionTables tables = PartitionTables.of(definition, definition.jdbcEngine());
		try (Connection connection = server.connect()) {
			connection.createStatement().execute("SET TimeZone = '%s'".formatted(zone));
			for (int created : new int[] { 7, 0 }) {
				PartitionReport report = new PartitionRun(tables, connection, server.clock())
					.execute(Duration.ofSeconds(10));
				assertThat(report.tables()).singleElement().satisfies((table) -> {
					assertThat(table.created()).hasSize(created);
					assertThat(table.until()).isEqualTo("2027-06-01T00:00:00Z");
				});
			}
			connection.createStatement().execute("SET TimeZone = 'UTC'");
			assertThat(PartitionServers.query(connection, PARTITIONS.formatted("event"))).hasSize(7)
				.contains("event_p2027_04 FOR VALUES FROM ('2027-04-01 00:00:00+00') TO ('2027-05-01 00:00:00+00')");
		}
	}

	@Test
	void whenTimePassesThenFurtherPartitionsAreCreated() throws Exception {
		create("created timestamptz");
		prepare();
		assertThat(prepare().toString()).contains("created=[]");
		server.setNow("2026-12-31T23:59:59.999Z");
		assertThat(prepare().toString()).contains("created=[public.event_p2027_03]");
		server.setNow("2027-01-01T00:00:00Z");
		assertThat(prepare().toString()).contains("created=[public.event_p2027_04]");
	}

	@ParameterizedTest
	@CsvSource({ "day,event_p2026_11_26,event_p2026_11_27", "week,event_p2026_w48,event_p2026_w49",
			"3 months,event_p2026_10,event_p2027_01", "year,event_p2026,event_p2027" })
	void partitionsAreNamedByTheirInterval(String interval, String first, String second) throws Exception {
		create("created date");
		prepare("partitions[0].interval", interval, "partitions[0].ahead", "1");
		assertThat(names()).containsExactly(first, second);
	}

	@Test
	void existingPartitionsAreRespected() throws Exception {
		create("created date");
		server.execute("CREATE TABLE autumn PARTITION OF event FOR VALUES FROM ('2026-09-01') TO ('2026-11-20')",
				"CREATE TABLE winter PARTITION OF event FOR VALUES FROM ('2026-12-01') TO ('2027-01-15')");
		assertThat(prepare().toString()).contains("until=2027-03-01T00:00:00Z");
		assertThat(server.query(PARTITIONS.formatted("event"))).containsExactly(
				"autumn FOR VALUES FROM ('2026-09-01') TO ('2026-11-20')",
				"event_p2026_11_20 FOR VALUES FROM ('2026-11-20') TO ('2026-12-01')",
				"event_p2027_01_15 FOR VALUES FROM ('2027-01-15') TO ('2027-02-01')",
				"event_p2027_02 FOR VALUES FROM ('2027-02-01') TO ('2027-03-01')",
				"winter FOR VALUES FROM ('2026-12-01') TO ('2027-01-15')");
	}

	@Test
	void whenAPartitionHasNoEndThenNothingIsCreated() throws Exception {
		create("created date");
		server.execute("CREATE TABLE rest PARTITION OF event FOR VALUES FROM ('2026-09-01') TO (MAXVALUE)");
		assertThat(prepare()).hasToString("{tables=[{table=public.event, created=[], detached=[], dropped=[]}]}");
	}

	@Test
	void whenAPartitionWouldOverlapThenBothAreNamed() throws Exception {
		create("created date");
		server.execute("CREATE TABLE winter PARTITION OF event FOR VALUES FROM ('2026-12-10') TO ('2027-02-01')");
		assertFailure(
				"Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which needs a partition 'p2026_12' from 2026-12-01T00:00 to 2027-01-01T00:00, which would overlap public.winter from 2026-12-10T00:00 to 2027-02-01T00:00.",
				"Create a partition from 2026-12-01T00:00 to 2026-12-10T00:00 in a migration, or choose an interval that fits.");
	}

	@Test
	void whenTheDefaultPartitionHasRowsOfTheNextOneThenTheFixIsLoggedAndTheStartGoesOn() throws Exception {
		create("created date");
		server.execute("CREATE TABLE others PARTITION OF event DEFAULT");
		prepare();
		server.execute("INSERT INTO event VALUES ('2027-03-05')");
		server.setNow("2026-12-01T00:00:00Z");
		try (LoggedLines log = new LoggedLines()) {
			assertThat(prepare().toString()).contains("created=[], detached=[], dropped=[], until=2027-03-01T00:00:00Z",
					"problem=public.event has the DEFAULT partition public.others");
			assertThat(log.messages()).containsExactly(
					"Partitions of database 'orders' could not be created or removed: public.event has the DEFAULT partition public.others with rows that belong into the next partition. Rows of public.event can be inserted until 2027-03-01T00:00:00Z. Move these rows: detach the DEFAULT partition, let the partitions be created, and insert its rows into the table. Then go without a DEFAULT partition: it is locked and searched whenever a partition is created.");
		}
	}

	@Test
	void whenPartitionsArePartitionedThemselvesThenTheyAreNotCreated() throws Exception {
		create("created date, id int");
		server.execute(
				"CREATE TABLE old PARTITION OF event FOR VALUES FROM ('2026-09-01') TO ('2026-11-01') PARTITION BY HASH (id)");
		assertFailure(
				"Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which has the partition public.old, which is partitioned itself.",
				"New partitions would not be. Create them in a migration.");
	}

	@Test
	void whenAPartitionIsPartitionedByRangesThenItsPartitionsAreCreated() throws Exception {
		server.execute("CREATE TABLE world (region text, created date) PARTITION BY LIST (region)",
				"CREATE TABLE event PARTITION OF world FOR VALUES IN ('eu') PARTITION BY RANGE (created)");
		prepare();
		assertThat(names()).hasSize(4);
		server.execute("INSERT INTO world VALUES ('eu', '2027-01-05')");
	}

	@Test
	void namesAreQuotedAndShortened() throws Exception {
		String name = "Größe \"x\" 'y' " + "ß".repeat(23);
		server.execute("CREATE SCHEMA sales", "CREATE TABLE sales.\"%s\" (created date) PARTITION BY RANGE (created)"
			.formatted(name.replace("\"", "\"\"")));
		prepare("partitions[0].table", "sales.\"%s\"".formatted(name.replace("\"", "\"\"")));
		assertThat(server.query("SELECT relname FROM pg_class WHERE relispartition ORDER BY 1")).hasSize(4)
			.allMatch((partition) -> partition.getBytes(StandardCharsets.UTF_8).length <= 63)
			.allMatch((partition) -> partition.matches("Größe \"x\" 'y' ß+_[0-9a-f]{8}_p202[67]_[01][0-9]"));
		assertThat(prepare("partitions[0].table", "sales.\"%s\"".formatted(name.replace("\"", "\"\""))).toString())
			.contains("created=[]");
	}

	@Test
	void partitionsHaveWhatTheTableHas() throws Exception {
		server.execute("CREATE TABLE customer (id int PRIMARY KEY)", """
				CREATE TABLE event (id bigint GENERATED ALWAYS AS IDENTITY, created timestamptz NOT NULL,
					customer int REFERENCES customer, amount int CHECK (amount > 0) DEFAULT 7,
					twice int GENERATED ALWAYS AS (amount * 2) STORED, note text,
					PRIMARY KEY (id, created), UNIQUE (note, created)) PARTITION BY RANGE (created)""",
				"CREATE INDEX ON event (lower(note))",
				"CREATE TABLE line (event bigint, created timestamptz, FOREIGN KEY (event, created) REFERENCES event)",
				"CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.note := NEW.note || '!'; RETURN NEW; END$$",
				"CREATE TRIGGER stamp BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION stamp()");
		prepare();
		server.execute("INSERT INTO customer VALUES (1)",
				"INSERT INTO event (created, customer, note) VALUES ('2026-12-01', 1, 'a'), ('2027-01-01', 1, 'b')",
				"INSERT INTO line VALUES (1, '2026-12-01')");
		assertThat(server.query("SELECT concat_ws(' ', id, amount, twice, note) FROM event ORDER BY id"))
			.containsExactly("1 7 14 a!", "2 7 14 b!");
		assertThat(server.query("SELECT count(*) FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid"))
			.containsExactly("12");
		assertThat(server.query("SELECT count(*) FROM pg_indexes WHERE tablename LIKE 'event_p%'"))
			.containsExactly("12");
		for (String sql : List.of("INSERT INTO event (created, customer) VALUES ('2026-12-01', 2)",
				"INSERT INTO event (created, amount) VALUES ('2026-12-01', 0)",
				"INSERT INTO event (created, note) VALUES ('2026-12-01', 'a')", "DELETE FROM event WHERE id = 1")) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> server.execute(sql))
				.extracting(SQLException::getSQLState)
				.asString()
				.startsWith("23");
		}
	}

	@Test
	void nobodyReadsAPartitionDirectlyWhoDoesNotOwnIt() throws Exception {
		server.execute("DROP ROLE IF EXISTS keeper", "DROP ROLE IF EXISTS reader", "CREATE ROLE keeper",
				"CREATE ROLE reader LOGIN", "GRANT ALL ON SCHEMA public TO keeper",
				"GRANT USAGE ON SCHEMA public TO PUBLIC", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader",
				"ALTER DEFAULT PRIVILEGES FOR ROLE keeper GRANT ALL ON TABLES TO PUBLIC",
				"CREATE TABLE event (created date, owner text) PARTITION BY RANGE (created)",
				"ALTER TABLE event OWNER TO keeper", "GRANT SELECT ON event TO reader",
				"ALTER TABLE event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
				"CREATE POLICY own ON event USING (owner = current_user)");
		try {
			prepare();
			server.execute("INSERT INTO event VALUES ('2026-12-01', 'reader'), ('2026-12-01', 'keeper')");
			try (Connection reader = server.connect("reader"); Connection keeper = server.connect()) {
				assertThat(PartitionServers.query(reader, "SELECT owner FROM event")).containsExactly("reader");
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> PartitionServers.query(reader, "SELECT owner FROM event_p2026_12"))
					.withMessageContaining("permission denied");
				keeper.createStatement().execute("SET ROLE keeper");
				assertThat(PartitionServers.query(keeper, "SELECT owner FROM event")).containsExactly("keeper");
				assertThat(PartitionServers.query(keeper, "SELECT owner FROM event_p2026_12")).isEmpty();
			}
			assertThat(server.query(
					"SELECT DISTINCT pg_get_userbyid(relowner) || ' ' || relacl::text FROM pg_class WHERE relname LIKE 'event_p%'"))
				.containsExactly("keeper {keeper=arwdDxtm/keeper}");
		}
		finally {
			server.execute("DROP OWNED BY keeper, reader CASCADE", "DROP ROLE keeper", "DROP ROLE reader",
					"ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC");
		}
	}

	@Test
	void theVerificationOfRowLevelSecurityAcceptsNewPartitionsAndStillSeesThoseThatAreOpen() throws Exception {
		server.execute("DROP ROLE IF EXISTS app", "CREATE ROLE app LOGIN", "GRANT USAGE ON SCHEMA public TO app",
				"CREATE TABLE event (created date, owner text) PARTITION BY RANGE (created)",
				"GRANT SELECT, INSERT ON event TO app", "ALTER TABLE event ENABLE ROW LEVEL SECURITY",
				"CREATE POLICY own ON event USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')))");
		DatabaseDefinition definition = server.definition("username", "app", "maintenance.username", "postgres",
				"rls.enabled", "true", "partitions[0].table", "event", "partitions[0].interval", "month");
		try {
			server.prepare(definition);
			assertThat(server.query("SELECT DISTINCT relrowsecurity FROM pg_class WHERE relname LIKE 'event_p%'"))
				.containsExactly("t");
			RlsVerification verification = new RlsVerification();
			assertThat(verification.prepare(definition, definition.connectionDetails().get())).containsEntry("findings",
					List.of());
			server.execute(
					"CREATE TABLE event_open PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
					"GRANT SELECT ON event_open TO app");
			assertThatExceptionOfType(VerificationFailedException.class)
				.isThrownBy(() -> verification.prepare(definition, definition.connectionDetails().get()))
				.withMessageContaining("event_open");
		}
		finally {
			server.execute("DROP OWNED BY app CASCADE", "DROP ROLE app");
		}
	}

	@Test
	void aPartitionThatIsMissingSoonIsFound() throws Exception {
		create("created timestamptz");
		assertThat(findings())
			.containsExactly(Finding.of("partition-missing", Severity.ERROR, "public.event", "public.event",
					"public.event has no partition for rows of the present time. Other rows are rejected.", FIX));
		prepare("partitions[0].ahead", "1");
		assertThat(findings()).isEmpty();
		server.setNow("2026-11-30T23:59:59Z");
		assertThat(findings()).isEmpty();
		server.setNow("2026-12-01T00:59:59Z");
		assertThat(findings()).isEmpty();
		server.setNow("2026-12-29T20:00:00Z");
		assertThat(findings()).containsExactly(Finding.of("partition-missing", Severity.ERROR, "public.event",
				"public.event", "The last partition of public.event ends in 2 d 4 h. Other rows are rejected.", FIX));
		server.execute("CREATE TABLE others PARTITION OF event DEFAULT");
		server.setNow("2026-12-31T22:30:00Z");
		assertThat(findings()).containsExactly(
				Finding.of("partition-missing", Severity.ERROR, "public.event", "public.event",
						"The last partition of public.event ends in 1 h 30 min. Other rows go to public.others.", FIX),
				Finding.of("default-partition", Severity.INFO, "public.others", "public.event",
						"public.others is the DEFAULT partition of public.event. It is locked and searched whenever a partition is created, which fails if it has rows of that partition.",
						"ALTER TABLE public.event DETACH PARTITION public.others;"));
		server.execute("INSERT INTO event VALUES ('2030-01-01'), ('2030-01-01')", "ANALYZE event", "ANALYZE others");
		prepare();
		assertThat(findings()).singleElement().satisfies((finding) -> {
			assertThat(finding.severity()).isEqualTo(Severity.WARN);
			assertThat(finding.text()).startsWith(
					"public.others is the DEFAULT partition of public.event and has about 2 rows. It is locked");
		});
	}

	@Test
	void aGapBetweenPartitionsIsFound() throws Exception {
		create("created date");
		server.execute("CREATE TABLE now PARTITION OF event FOR VALUES FROM ('2026-11-01') TO ('2026-12-01')",
				"CREATE TABLE later PARTITION OF event FOR VALUES FROM ('2026-12-02') TO ('2027-12-01')");
		assertThat(findings()).extracting(Finding::text)
			.containsExactly("The partitions of public.event have a gap in 4 d 9 h. Other rows are rejected.");
	}

	@Test
	void aTableThatIsNotThereIsFound() throws Exception {
		assertThat(findings()).containsExactly(Finding.of("partition-missing", Severity.ERROR, "event", "event",
				"No partitions are created ahead: 'app.dbs.orders.partitions[0].table' is 'event', which does not exist.",
				"Create it in a migration, or correct 'app.dbs.orders.partitions[0].table'. Tables that are partitioned by ranges: none."));
	}

	@Test
	void whenALoginDoesNotOwnTheTableThenTheGrantIsNamed() throws Exception {
		create("created date");
		server.execute("DROP ROLE IF EXISTS app", "CREATE ROLE app LOGIN", "GRANT USAGE ON SCHEMA public TO PUBLIC");
		assertFailure(
				"Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which belongs to 'postgres', and the login is 'app'.",
				"Use the login that owns the table, or: GRANT \"postgres\" TO \"app\";", "username", "app");
		server.execute("ALTER TABLE event OWNER TO app");
		assertFailure(
				"Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which is in the schema public, in which the login 'app' may not create partitions.",
				"GRANT CREATE ON SCHEMA public TO \"app\";", "username", "app");
		for (String key : List.of("maintenance.username", "flyway.user", "liquibase.user")) {
			server.execute("DROP TABLE event");
			create("created date");
			assertThat(prepare("username", "app", key, "postgres").toString()).contains("event_p2027_02");
		}
		server.execute("DROP ROLE app");
	}

	@Test
	void problemsOfAllTablesAreReportedTogether() throws Exception {
		server.execute("CREATE TABLE plain (id int)", "CREATE TABLE listed (id int) PARTITION BY LIST (id)",
				"CREATE TABLE hashed (id int) PARTITION BY HASH (id)",
				"CREATE TABLE doubled (a date, b date) PARTITION BY RANGE (a, b)",
				"CREATE TABLE numbered (id int) PARTITION BY RANGE (id)",
				"CREATE TABLE computed (a date) PARTITION BY RANGE ((a + 1))");
		create("created date");
		DatabaseDefinition definition = server.definition("partitions[0].table", "plain", "partitions[0].interval",
				"day", "partitions[1].table", "listed", "partitions[1].interval", "day", "partitions[2].table",
				"hashed", "partitions[2].interval", "day", "partitions[3].table", "doubled", "partitions[3].interval",
				"day", "partitions[4].table", "numbered", "partitions[4].interval", "day", "partitions[5].table",
				"computed", "partitions[5].interval", "day", "partitions[6].table", "evnt", "partitions[6].interval",
				"day", "partitions[7].table", "event", "partitions[7].interval", "day", "partitions[8].table",
				"public.event", "partitions[8].interval", "day");
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(() -> server.prepare(definition))
			.withMessage(
					"""
							Partitions of database 'orders' cannot be created:

							    'app.dbs.orders.partitions[0].table' is 'plain', which is not partitioned.
							    'app.dbs.orders.partitions[1].table' is 'listed', which is partitioned by a list of values.
							    'app.dbs.orders.partitions[2].table' is 'hashed', which is partitioned by a hash.
							    'app.dbs.orders.partitions[3].table' is 'doubled', which is partitioned by 2 columns.
							    'app.dbs.orders.partitions[4].table' is 'numbered', which is partitioned by the column 'id' of type int4.
							    'app.dbs.orders.partitions[5].table' is 'computed', which is partitioned by an expression.
							    'app.dbs.orders.partitions[6].table' is 'evnt', which does not exist.
							    'app.dbs.orders.partitions[8].table' is 'public.event', which is also the table of 'app.dbs.orders.partitions[7].table'.""")
			.extracting(DatabaseStartException::getAction)
			.isEqualTo(
					"""
							Fix the following:

							    Create the table with 'PARTITION BY RANGE (column)'. A table that exists cannot become partitioned: move its rows to a new one.
							    Only partitions by ranges of one column of type date, timestamp or timestamptz are created ahead.
							    Only partitions by ranges of one column of type date, timestamp or timestamptz are created ahead.
							    Only partitions by ranges of one column of type date, timestamp or timestamptz are created ahead.
							    Only partitions by ranges of one column of type date, timestamp or timestamptz are created ahead.
							    Only partitions by ranges of one column of type date, timestamp or timestamptz are created ahead.
							    Create it in a migration, or correct 'app.dbs.orders.partitions[6].table'. Tables that are partitioned by ranges: public.computed, public.doubled, public.event, public.numbered.
							    Remove one of them.""");
		assertThat(names()).isEmpty();
	}

	@Test
	void othersReadAndWriteWhilePartitionsAreCreatedAndDetached() throws Exception {
		create("created timestamptz, id bigint");
		prepare();
		server.execute("CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')");
		try (BusyWriter writer = new BusyWriter(server,
				"SET lock_timeout = 5000; INSERT INTO event VALUES ('2026-12-05', 1)")) {
			assertThat(prepare("partitions[0].ahead", "60", "partitions[0].keep", "1 month").toString())
				.contains("event_p2031_11", "detached=[public.event_old]");
			writer.awaitMore();
			String writes = String.valueOf(writer.end());
			assertThat(server.query("SELECT count(*) FROM event WHERE id = 1")).containsExactly(writes);
		}
	}

	@Test
	void aTransactionThatHasReadAndWrittenTheTableIsNotWaitedFor() throws Exception {
		create("created date");
		prepare("partitions[0].ahead", "1");
		try (Connection other = server.connect()) {
			other.setAutoCommit(false);
			other.createStatement().execute("INSERT INTO event VALUES ('2026-12-05')");
			PartitionServers.query(other, "SELECT * FROM event FOR UPDATE");
			assertThat(prepare()).doesNotContainKey("problem")
				.hasToString(
						"{until=2027-03-01T00:00:00Z, tables=[{table=public.event, created=[public.event_p2027_01, public.event_p2027_02], detached=[], dropped=[], until=2027-03-01T00:00:00Z}]}");
			other.createStatement().execute("INSERT INTO event VALUES ('2027-02-05')");
			other.commit();
		}
		assertThat(server.query("SELECT count(*) FROM event")).containsExactly("2");
	}

	@Test
	void whenTheTableIsLockedThenThatIsLoggedAndTheStartGoesOn() throws Exception {
		create("created date");
		prepare();
		server.setNow("2026-12-01T00:00:00Z");
		try (Connection other = server.connect(); LoggedLines log = new LoggedLines()) {
			other.setAutoCommit(false);
			// as VACUUM and CREATE INDEX CONCURRENTLY do
			other.createStatement().execute("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE");
			assertThat(prepare()).containsEntry("problem", "public.event is locked by another session.");
			assertThat(log.messages()).containsExactly(
					"Partitions of database 'orders' could not be created or removed: public.event is locked by another session. Rows of public.event can be inserted until 2027-03-01T00:00:00Z. This is retried.");
			assertThat(server.query("SELECT relname FROM pg_class WHERE relname LIKE 'event_p2027_03'")).isEmpty();
			other.rollback();
		}
		assertThat(prepare().toString()).contains("event_p2027_03").doesNotContain("problem");
	}

	@Test
	void whenTheDefaultPartitionIsReadThenThatIsLoggedAndTheStartGoesOn() throws Exception {
		create("created date");
		server.execute("CREATE TABLE others PARTITION OF event DEFAULT");
		try (Connection reader = server.connect()) {
			reader.setAutoCommit(false);
			PartitionServers.query(reader, "SELECT * FROM event");
			assertThat(prepare()).containsEntry("problem", "public.event is locked by another session.");
			reader.rollback();
		}
		assertThat(prepare().toString()).contains("event_p2027_02").doesNotContain("problem");
	}

	@Test
	void whenAReaderPreventsTheEndOfADetachThenTheNextRunEndsIt() throws Exception {
		create("created date");
		server.execute("CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')");
		try (Connection reader = server.connect()) {
			reader.setAutoCommit(false);
			PartitionServers.query(reader, "SELECT * FROM event");
			assertThat(prepare("partitions[0].keep", "1 month")).containsEntry("problem",
					"public.event is locked by another session.");
			reader.rollback();
		}
		assertThat(prepare("partitions[0].keep", "1 month").toString()).contains("detached=[public.event_old]");
		assertThat(names()).doesNotContain("event_old");
		assertThat(server.query("SELECT relispartition FROM pg_class WHERE relname = 'event_old'"))
			.containsExactly("f");
	}

	@Test
	void partitionsAreRemovedWhenAllTheirRowsAreOldEnough() throws Exception {
		create("created timestamp");
		server.setNow("2026-08-05T00:00:00Z");
		prepare("partitions[0].ahead", "4");
		server.setNow("2026-11-30T23:59:59Z");
		assertThat(prepare("partitions[0].keep", "2 months").toString()).contains("detached=[public.event_p2026_08]");
		server.setNow("2026-12-01T00:00:00Z");
		assertThat(prepare("partitions[0].keep", "2 months", "partitions[0].drop", "true").toString())
			.contains("detached=[], dropped=[public.event_p2026_09]");
		assertThat(server.query("SELECT relname FROM pg_class WHERE relname LIKE 'event_p2026\\_0_' ORDER BY 1"))
			.containsExactly("event_p2026_08");
		assertThat(names()).startsWith("event_p2026_10", "event_p2026_11", "event_p2026_12");
	}

	@Test
	void whenAnObjectDependsOnADetachedTableThenItHasToBeDroppedByHand() throws Exception {
		create("created date");
		server.execute("CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
				"CREATE VIEW old AS SELECT * FROM event_old");
		try (LoggedLines log = new LoggedLines()) {
			assertThat(prepare("partitions[0].keep", "1 month", "partitions[0].drop", "true")).containsEntry("problem",
					"public.event no longer has the partition public.event_old, but the detached table could not be dropped: ERROR: cannot drop table event_old because other objects depend on it.");
			assertThat(log.messages()).last().asString().endsWith(" DROP TABLE public.event_old;");
		}
		assertThat(names()).doesNotContain("event_old");
	}

	@Test
	void whenTheServerIsOfAnotherEngineThanTheUrlThenTheAlternativesAreNamed() {
		DatabaseDefinition definition = server.definition("partitions[0].table", "event", "partitions[0].interval",
				"month");
		JdbcEngine cockroach = Engines.load(null).identify(definition.jdbcEngine(), "CockroachDB CCL v25.1.0");
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> PartitionTables.of(definition, cockroach))
			.withMessage(
					"Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', but no partitions are created ahead on CockroachDB, which the server is.")
			.extracting(DatabaseStartException::getAction)
			.isEqualTo("Remove 'app.dbs.orders.partitions'. Partitions are created on PostgreSQL, MySQL and MariaDB.");
	}

	@Test
	void aTableThatAForeignKeyRefersToIsLockedAgainstWritesOnly() throws Exception {
		server.execute("CREATE TABLE customer (id int PRIMARY KEY)",
				"CREATE TABLE event (created date, customer int REFERENCES customer) PARTITION BY RANGE (created)");
		try (Connection other = server.connect()) {
			other.setAutoCommit(false);
			other.createStatement().execute("INSERT INTO customer VALUES (1)");
			assertThat(prepare()).containsEntry("problem", "public.event is locked by another session.");
			other.rollback();
			PartitionServers.query(other, "SELECT * FROM customer");
			assertThat(prepare()).doesNotContainKey("problem");
		}
	}

	@Test
	void whenThereIsADefaultPartitionThenOthersAreDetached() throws Exception {
		create("created date");
		server.execute("CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
				"CREATE TABLE others PARTITION OF event DEFAULT");
		assertThat(prepare("partitions[0].keep", "1 month").toString()).contains("detached=[public.event_old]");
		assertThat(names()).contains("others").doesNotContain("event_old");
	}

	@Test
	void whenOtherRowsReferToOldOnesThenThePartitionStays() throws Exception {
		server.execute("CREATE TABLE event (created date PRIMARY KEY) PARTITION BY RANGE (created)",
				"CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
				"CREATE TABLE line (created date REFERENCES event)", "INSERT INTO event VALUES ('2020-01-01')",
				"INSERT INTO line VALUES ('2020-01-01')");
		assertThat(String.valueOf(prepare("partitions[0].keep", "1 month").get("problem"))).startsWith(
				"public.event has rows to remove that other tables refer to: ERROR: removing partition \"event_old\" violates foreign key constraint");
		assertThat(names()).contains("event_old", "event_p2027_02");
		assertThat(server.query("SELECT created FROM event")).containsExactly("2020-01-01");
	}

	@Test
	void whenTwoInstancesStartThenEachPartitionIsCreatedOnce() throws Exception {
		create("created date");
		List<CompletableFuture<Map<String, Object>>> results = new ArrayList<>();
		try (LoggedLines log = new LoggedLines()) {
			for (int i = 0; i < 4; i++) {
				results.add(SeparateThread.supply(() -> {
					try {
						return prepare("partitions[0].ahead", "20");
					}
					catch (Exception ex) {
						throw new IllegalStateException(ex);
					}
				}));
			}
			assertThat(results).extracting(CompletableFuture::join).allSatisfy((result) -> {
				assertThat(result).doesNotContainKey("problem");
				assertThat(result.get("until")).hasToString("2028-08-01T00:00:00Z");
			});
			assertThat(log.messages()).singleElement().asString().contains("were created: ");
		}
		assertThat(names()).hasSize(21);
	}

	@Test
	void whenAnotherInstanceIsAtWorkThenThatIsLogged() throws Exception {
		create("created date");
		try (Connection other = server.connect()) {
			PartitionServers.query(other, "SELECT pg_advisory_lock(hashtext('appdbs.partitions'))");
			assertThat(prepare()).containsEntry("problem",
					"Another instance of the application is creating partitions.");
			prepare("partitions[0].ahead", "1");
		}
		assertThat(prepare().toString()).contains("event_p2027_02").doesNotContain("problem");
	}

	@Test
	void whenTheServerIsReadOnlyThenThatIsReported() throws Exception {
		create("created date");
		String url = server.url() + "?options=-c%20default_transaction_read_only=on";
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> server
				.prepare(server.definitionAt(url, "partitions[0].table", "event", "partitions[0].interval", "month")))
			.withMessage(
					"Partitions of database 'orders' could not be created: The server is read-only. Rows of public.event with the present time cannot be inserted.")
			.extracting(DatabaseStartException::getAction)
			.isEqualTo("Connect to the server that accepts writes, or remove 'app.dbs.orders.partitions'.");
	}

	@Test
	void whenANameIsInUseThenThatIsReported() throws Exception {
		create("created date");
		server.execute("CREATE TABLE event_p2026_12 (id int)");
		assertThat(prepare()).containsEntry("problem",
				"public.event needs a name that is in use: ERROR: relation \"event_p2026_12\" already exists.");
		assertThat(prepare().toString()).contains("created=[]");
		assertThat(names()).containsExactly("event_p2026_11");
	}

	private static List<Finding> findings() throws SQLException {
		DatabaseDefinition definition = server.definition("partitions[0].table", "event", "partitions[0].interval",
				"month");
		List<Finding> findings = new ArrayList<>();
		try (Connection connection = server.connect(); Connection other = server.connect()) {
			connection.createStatement().execute("SET lock_timeout = 100");
			connection.setReadOnly(true);
			other.setAutoCommit(false);
			for (String table : PartitionServers.query(other,
					"SELECT relname FROM pg_class WHERE relkind = 'p' OR relispartition AND relkind = 'r'")) {
				other.createStatement().execute("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE".formatted(table));
			}
			InspectionContext context = new InspectionContext(connection, null, 1, Duration.ZERO, 0, Map.of());
			for (FindingCheck check : PartitionChecks.of(definition, definition.jdbcEngine(), server.clock())) {
				findings.addAll(check.reader().read(context));
			}
		}
		return findings;
	}

	private static void create(String columns) throws SQLException {
		server.execute("CREATE TABLE event (%s) PARTITION BY RANGE (created)".formatted(columns));
	}

	private static @Nullable Map<String, Object> prepare(String... settings) throws Exception {
		List<String> all = new ArrayList<>(List.of("partitions[0].table", "event", "partitions[0].interval", "month"));
		all.addAll(List.of(settings));
		return server.prepare(server.definition(all.toArray(String[]::new)));
	}

	private static void assertFailure(String message, String action, String... settings) {
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(() -> prepare(settings))
			.withMessage(message)
			.extracting(DatabaseStartException::getAction)
			.isEqualTo(action);
	}

	private static List<String> names() throws SQLException {
		return server.query(PARTITIONS.formatted("event"))
			.stream()
			.map((partition) -> String.valueOf(partition).replaceFirst(" .*", ""))
			.toList();
	}

}
