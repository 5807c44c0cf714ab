package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

import io.appdbs.DatabaseOutage;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.OpenDatabase;
import io.appdbs.testsupport.TestDatabases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PartitionSchedule}.
 */
class PartitionScheduleTests {

	private static final Duration TICK = Duration.ofMillis(10);

	private static final Duration LIMIT = Duration.ofSeconds(1);

	@AutoClose
	private static final PartitionServers server = new PartitionServers("postgresql");

	private final ObservedDatabase database = new ObservedDatabase(server.definition("partitions[0].table", "event",
			"partitions[0].interval", "month", "partitions[0].ahead", "1"));

	private final Partitions partitions = server.partitions();

	@BeforeEach
	void createTable() throws SQLException {
		server.setNow("2026-11-26T15:00:00Z");
		server.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public",
				"CREATE TABLE event (created date) PARTITION BY RANGE (created)");
	}

	@Test
	void partitionsAreCreatedADayAfterTheStartAndEveryDayFromThenOn() throws Exception {
		prepare();
		try (PartitionSchedule schedule = new PartitionSchedule(this.database, this.partitions, TICK, LIMIT)) {
			server.setNow("2026-11-27T14:59:59Z");
			server.execute("DROP TABLE event_p2026_12");
			server.setNow("2026-11-27T15:00:00Z");
			TestDatabases.await(() -> this.database.getReports().size() == 1);
			assertThat(this.database.getReports().get(0).details()).hasToString(
					"{until=2027-01-01T00:00:00Z, tables=[{table=public.event, created=[public.event_p2026_12], detached=[], dropped=[], until=2027-01-01T00:00:00Z}]}");
			server.setNow("2026-12-28T15:00:00Z");
			TestDatabases.await(() -> this.database.getReports().size() == 2);
			assertThat(this.database.getReports().get(1).details().toString())
				.contains("created=[public.event_p2027_01]");
			assertThat(this.database.getReports().get(1).name()).isEqualTo("partitions");
			assertThat(schedule).isNotNull();
		}
	}

	@Test
	void partitionsAreCreatedWhenAnIntervalBegins() throws Exception {
		server.setNow("2026-11-30T18:00:00Z");
		prepare();
		try (PartitionSchedule schedule = new PartitionSchedule(this.database, this.partitions, TICK, LIMIT)) {
			server.setNow("2026-11-30T23:59:59Z");
			server.execute("DROP TABLE event_p2026_12");
			server.setNow("2026-12-01T00:00:00Z");
			TestDatabases.await(() -> this.database.getReports().size() == 1);
			assertThat(this.database.getReports().get(0).details().toString())
				.contains("created=[public.event_p2026_12, public.event_p2027_01]");
			assertThat(schedule).isNotNull();
		}
	}

	@Test
	void whenTheTableIsLockedThenItIsRetriedAfterAWhile() throws Exception {
		prepare();
		server.setNow("2026-12-26T15:00:00Z");
		try (Connection other = server.connect(); LoggedLines log = new LoggedLines()) {
			other.setAutoCommit(false);
			other.createStatement().execute("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE");
			try (PartitionSchedule schedule = new PartitionSchedule(this.database, this.partitions, TICK, LIMIT)) {
				TestDatabases.await(() -> this.database.getReports().size() == 1);
				assertThat(log.messages()).containsExactly(
						"Partitions of database 'orders' could not be created or removed: public.event is locked by another session. Rows of public.event can be inserted until 2027-01-01T00:00:00Z. This is retried.");
				assertThat(this.database.getReports().get(0).details()).containsEntry("problem",
						"public.event is locked by another session.");
				other.rollback();
				server.setNow("2026-12-26T15:01:00Z");
				TestDatabases.await(() -> this.database.getReports().size() == 2);
				assertThat(this.database.getReports().get(1).details().toString())
					.contains("created=[public.event_p2027_01]")
					.doesNotContain("problem");
				assertThat(schedule).isNotNull();
			}
		}
	}

	@Test
	void whenTheTableHasBeenDroppedThenThatIsLoggedAndReported() throws Exception {
		prepare();
		server.execute("DROP TABLE event");
		server.setNow("2026-12-26T15:00:00Z");
		try (LoggedLines log = new LoggedLines();
				PartitionSchedule schedule = new PartitionSchedule(this.database, this.partitions, TICK, LIMIT)) {
			TestDatabases.await(() -> this.database.getReports().size() == 1);
			assertThat(log.messages()).containsExactly(
					"Partitions of database 'orders' could not be created or removed: Database 'orders': 'app.dbs.orders.partitions[0].table' is 'event', which does not exist. Rows of public.event can be inserted until 2027-01-01T00:00:00Z. Create it in a migration, or correct 'app.dbs.orders.partitions[0].table'. Tables that are partitioned by ranges: none.");
			assertThat(this.database.getReports().get(0).details()).containsKey("problem");
			assertThat(schedule).isNotNull();
		}
	}

	@Test
	void whileTheDatabaseIsDownOrSuspendedNothingIsDone() throws Exception {
		prepare();
		this.database.down.set(true);
		server.setNow("2026-12-26T15:00:00Z");
		try (PartitionSchedule schedule = new PartitionSchedule(this.database, this.partitions, TICK, LIMIT)) {
			TestDatabases.await(() -> this.database.asked > 3);
			assertThat(this.database.getReports()).isEmpty();
			this.database.down.set(false);
			TestDatabases.await(() -> this.database.getReports().size() == 1);
			assertThat(schedule).isNotNull();
		}
	}

	@Test
	void whenItIsClosedThenAStatementThatWaitsEndsAndTheThreadToo() throws Exception {
		prepare();
		server.setNow("2026-12-26T15:00:00Z");
		try (Connection other = server.connect()) {
			other.setAutoCommit(false);
			other.createStatement().execute("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE");
			PartitionSchedule schedule = new PartitionSchedule(this.database, this.partitions, TICK, LIMIT);
			TestDatabases
				.await(() -> server.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").size() == 1);
			schedule.close();
			// the executor is terminated a moment before its thread ends
			TestDatabases.awaitNoThreads("appdbs-partitions-orders");
			assertThat(this.database.getReports()).isEmpty();
			TestDatabases
				.await(() -> server.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").isEmpty());
			other.rollback();
		}
		assertThat(server.query("SELECT 1 FROM pg_class WHERE relname = 'event_p2027_01'")).isEmpty();
	}

	private void prepare() throws Exception {
		DatabaseDefinition definition = this.database.getDefinition();
		new PartitionPreparation(this.partitions).prepare(definition, definition.connectionDetails().get());
	}

	/**
	 * A database that is up unless a test says otherwise.
	 */
	private static final class ObservedDatabase extends OpenDatabase {

		private final AtomicBoolean down = new AtomicBoolean();

		private volatile int asked;

		ObservedDatabase(DatabaseDefinition definition) {
			super(definition);
		}

		@Override
		public @Nullable DatabaseOutage getOutage() {
			this.asked++;
			return this.down.get() ? new DatabaseOutage("orders", "it is down", Instant.now(), null) : null;
		}

	}

}
