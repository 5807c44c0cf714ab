package io.appdbs.jdbc.maintenance;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.appdbs.engine.maintenance.CatalogObject;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.maintenance.MaintenanceOperation;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * The invalid indexes that a failed operation leaves behind. They slow down writes, and
 * nothing uses them. Only those are dropped that have appeared during the operation.
 */
final class LeftOverIndexes {

	private static final int ATTEMPTS = 10;

	private static final Duration PAUSE = Duration.ofMillis(500);

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private final MaintenanceConnections connections;

	private final JdbcMaintenance maintenance;

	private final CatalogObject object;

	/** The time for an answer, which includes that for several locks. */
	private final Duration timeout;

	private final CountDownLatch aborted;

	private final Set<CatalogObject> before;

	/**
	 * Reads the indexes that exist before an operation.
	 * @param aborted ends the attempts to drop indexes
	 */
	LeftOverIndexes(MaintenanceConnections connections, JdbcMaintenance maintenance, CatalogObject object,
			Connection connection, CountDownLatch aborted) throws SQLException {
		this.connections = connections;
		this.maintenance = maintenance;
		this.object = object;
		this.aborted = aborted;
		this.timeout = connections.definition()
			.settings()
			.maintenance()
			.lockTimeout()
			.multipliedBy(3)
			.plus(ANSWER_TIMEOUT);
		this.before = new HashSet<>(maintenance.readLeftOverIndexes(connection, object));
	}

	/**
	 * Drops the indexes that have appeared since. Sessions that use the table prevent
	 * that, so it is tried several times.
	 * @param messages receives what has been dropped, and what could not be dropped
	 */
	void drop(Consumer<String> messages) {
		List<CatalogObject> left = new ArrayList<>();
		String reason = "the application ended";
		for (int attempt = 1; attempt <= ATTEMPTS && this.aborted.getCount() > 0; attempt++) {
			try {
				dropOnce(left, messages);
				return;
			}
			catch (SQLException ex) {
				reason = String.valueOf(ex.getMessage());
			}
			pause();
		}
		messages.accept(describe(left, reason));
	}

	private void pause() {
		try {
			this.aborted.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			this.aborted.countDown();
		}
	}

	/**
	 * Drops the indexes on a connection that the operation has not used, since a late
	 * request to cancel the operation could end this, too.
	 * @param left receives the indexes that exist
	 */
	private void dropOnce(List<CatalogObject> left, Consumer<String> messages) throws SQLException {
		Connection connection = this.connections.open(this.maintenance, this.timeout);
		try {
			List<CatalogObject> found = new ArrayList<>(this.maintenance.readLeftOverIndexes(connection, this.object));
			found.removeAll(this.before);
			left.clear();
			left.addAll(found);
			for (CatalogObject index : found) {
				try (Statement statement = connection.createStatement()) {
					statement.execute(getDropStatement(index));
				}
				left.remove(index);
				messages.accept("Dropped the invalid index '%s', which the operation had left behind."
					.formatted(this.maintenance.describe(index)));
			}
		}
		finally {
			if (!JdbcConnections.isClosed(connection)) {
				JdbcUtils.closeConnection(connection);
			}
		}
	}

	private String getDropStatement(CatalogObject index) {
		return this.maintenance.getStatement(MaintenanceOperation.DROP_INVALID_INDEX, index);
	}

	private String describe(List<CatalogObject> left, String reason) {
		if (left.isEmpty()) {
			return ("Whether the operation has left invalid indexes of '%s' behind could not be found out. Look for "
					+ "indexes whose names end with '_ccnew' or '_ccold', and drop them. Reason: %s")
				.formatted(this.maintenance.describe(this.object), reason);
		}
		return "The operation has left invalid indexes behind, which could not be dropped. Execute: %s. Reason: %s"
			.formatted(String.join("; ", left.stream().map(this::getDropStatement).toList()), reason);
	}

}
