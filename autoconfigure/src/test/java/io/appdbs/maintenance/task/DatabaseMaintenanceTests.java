package io.appdbs.maintenance.task;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.jdbc.Definitions;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceProgress;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.OpenDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseMaintenance} without a server.
 */
class DatabaseMaintenanceTests {

	private static final DatabaseDefinition ORDERS = Definitions.of("orders", "jdbc:h2:mem:orders",
			"maintenance.operations", "analyze");

	@Test
	void aReplicaIsNotMaintained() {
		DatabaseDefinition replica = new DatabaseDefinition("orders-replica-1", ORDERS.settings(), ORDERS.engine(),
				ORDERS.connectionDetails(), "orders", (key) -> key);
		try (DatabaseMaintenance maintenance = new DatabaseMaintenance(new OpenDatabase(replica), new Sessions(null))) {
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> maintenance.start(MaintenanceRequest.analyze("orders")))
				.withMessage("Database 'orders-replica-1' is a replica, and not maintained. Maintain 'orders'.");
		}
	}

	@Test
	void whenAPreparationFailsThenTheNextTaskCanBeStarted() {
		try (DatabaseMaintenance maintenance = new DatabaseMaintenance(new OpenDatabase(ORDERS), new Sessions(null))) {
			for (int i = 0; i < 100; i++) {
				assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> maintenance.start(MaintenanceRequest.analyze("orders")))
					.withMessage("Database 'orders' could not be maintained: not reachable");
			}
			assertThat(maintenance.getTasks()).isEmpty();
		}
	}

	@Test
	void aPlanThatIsRefusedIsNotExecuted() {
		Session session = new Session("The login may not.");
		try (DatabaseMaintenance maintenance = new DatabaseMaintenance(new OpenDatabase(ORDERS),
				new Sessions(session))) {
			assertThat(maintenance.plan(MaintenanceRequest.analyze("orders")).refusal())
				.isEqualTo("The login may not.");
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> maintenance.start(MaintenanceRequest.analyze("orders")))
				.withMessage("The login may not.");
			assertThat(session.executed).isFalse();
			assertThat(session.closed).isTrue();
		}
	}

	/**
	 * Opens the session, if there is one.
	 */
	private record Sessions(@Nullable MaintenanceSession session) implements MaintenanceSession.Factory {

		@Override
		public boolean isInTransaction() {
			return false;
		}

		@Override
		public MaintenanceSession open(@Nullable Duration timeout) {
			if (this.session == null) {
				throw new IllegalStateException("not reachable");
			}
			return this.session;
		}

	}

	private static final class Session implements MaintenanceSession {

		private final String refusal;

		private boolean executed;

		private boolean closed;

		Session(String refusal) {
			this.refusal = refusal;
		}

		@Override
		public List<String> readTables() {
			return List.of();
		}

		@Override
		public MaintenancePlan plan(MaintenanceRequest request) {
			return new MaintenancePlan(MaintenanceOperation.ANALYZE, "orders", List.of("ANALYZE"), null, null,
					this.refusal);
		}

		@Override
		public boolean tryLock() {
			return true;
		}

		@Override
		public void execute(Consumer<String> messages) {
			this.executed = true;
		}

		@Override
		public boolean isExecuted() {
			return this.executed;
		}

		@Override
		public void cancel() {
		}

		@Override
		public void abort() {
		}

		@Override
		public @Nullable MaintenanceProgress readProgress() {
			return null;
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

}
