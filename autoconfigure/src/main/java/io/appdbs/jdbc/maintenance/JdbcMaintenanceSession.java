package io.appdbs.jdbc.maintenance;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.engine.inspection.Amounts;
import io.appdbs.engine.maintenance.CatalogObject;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.maintenance.MissingRight;
import io.appdbs.engine.maintenance.ObjectSize;
import io.appdbs.engine.maintenance.StatementResult;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceProgress;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.task.MaintenanceFailedException;
import io.appdbs.maintenance.task.MaintenanceSession;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * {@link MaintenanceSession} of a relational database.
 */
final class JdbcMaintenanceSession implements MaintenanceSession {

	private static final Log logger = LogFactory.getLog(JdbcMaintenanceSession.class);

	private static final String LOCK = "appdbs.maintenance";

	private static final Duration PROGRESS_TIMEOUT = Duration.ofSeconds(2);

	private final MaintenanceConnections connections;

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	private final JdbcMaintenance maintenance;

	private final Connection connection;

	private final @Nullable Long session;

	private final CountDownLatch aborted = new CountDownLatch(1);

	private @Nullable PlannedStatement planned;

	private volatile @Nullable Statement running;

	private volatile boolean executed;

	JdbcMaintenanceSession(MaintenanceConnections connections, JdbcMaintenance maintenance, Connection connection)
			throws SQLException {
		this.connections = connections;
		this.definition = connections.definition();
		this.engine = connections.engine();
		this.maintenance = maintenance;
		this.connection = connection;
		this.session = maintenance.readSession(connection);
	}

	@Override
	public List<String> readTables() throws SQLException {
		return lookup().readTables();
	}

	private TableLookup lookup() throws SQLException {
		return new TableLookup(this.definition, this.maintenance, this.connection,
				this.engine.readSearchPath(this.connection));
	}

	@Override
	public MaintenancePlan plan(MaintenanceRequest request) throws SQLException {
		if (Boolean.TRUE.equals(JdbcConnections.isReadOnly(this.engine, this.connection))) {
			throw illegal("The server of database '%s' is read-only, and cannot be maintained."
				.formatted(this.definition.name()));
		}
		TableLookup lookup = lookup();
		MaintenanceOperation operation = request.operation();
		CatalogObject object = lookup.find(operation, request.table());
		String obstacle = this.maintenance.readObstacle(this.connection, operation, object);
		if (obstacle != null) {
			throw illegal("'%s' is not possible for '%s' of database '%s': %s.".formatted(operation.getName(),
					this.maintenance.describe(object), this.definition.name(), obstacle));
		}
		PlannedStatement planned = new PlannedStatement(operation, object,
				this.maintenance.getStatement(operation, object));
		this.planned = planned;
		String refusal = lookup.findRefusal(object);
		ObjectSize size = readSize(object);
		return new MaintenancePlan(operation, this.maintenance.describe(object), List.of(planned.sql()), size.rows(),
				size.bytes(), (refusal != null) ? refusal : findMissingRight(planned));
	}

	/**
	 * The server locks a table to read its size.
	 */
	private ObjectSize readSize(CatalogObject object) throws SQLException {
		try {
			return this.maintenance.readSize(this.connection, object);
		}
		catch (SQLException ex) {
			if (this.engine.findTimeout(ex) != ServerTimeout.LOCK) {
				throw ex;
			}
			return ObjectSize.UNKNOWN;
		}
	}

	private @Nullable String findMissingRight(PlannedStatement planned) throws SQLException {
		MissingRight right = this.maintenance.readMissingRight(this.connection, planned.operation(), planned.object());
		if (right == null) {
			return null;
		}
		String key = this.definition.key("maintenance.username");
		return "The login '%s' of database '%s' may not '%s' '%s', whose owner is '%s'. %s".formatted(right.login(),
				this.definition.name(), planned.operation().getName(), this.maintenance.describe(planned.object()),
				right.owner(), (right.grant() != null) ? "Execute: %s; or set '%s'.".formatted(right.grant(), key)
						: "Set '%s' to a login that has this role.".formatted(key));
	}

	@Override
	public boolean tryLock() throws SQLException {
		return this.engine.tryLock(this.connection, LOCK);
	}

	@Override
	public void execute(Consumer<String> messages) throws Exception {
		PlannedStatement planned = Objects.requireNonNull(this.planned, "Nothing has been planned");
		LeftOverIndexes leftOver = this.maintenance.isLeavingIndexes(planned.operation()) ? new LeftOverIndexes(
				this.connections, this.maintenance, planned.object(), this.connection, this.aborted) : null;
		boolean succeeded = false;
		try {
			execute(planned.sql(), messages);
			succeeded = true;
		}
		catch (SQLException ex) {
			throw translate(ex);
		}
		finally {
			if (!succeeded && leftOver != null) {
				leftOver.drop((message) -> {
					logger.warn("Maintenance of database '%s': %s".formatted(this.definition.name(), message));
					messages.accept(message);
				});
			}
		}
	}

	private void execute(String sql, Consumer<String> messages) throws SQLException, MaintenanceFailedException {
		StatementResult result;
		try (Statement statement = this.connection.createStatement()) {
			this.running = statement;
			result = this.maintenance.execute(statement, sql);
		}
		finally {
			this.running = null;
			this.executed = true;
		}
		result.messages().forEach(messages);
		if (result.failure() != null) {
			throw new MaintenanceFailedException(result.failure());
		}
	}

	private Exception translate(SQLException failure) {
		if (this.engine.findTimeout(failure) != ServerTimeout.LOCK) {
			return failure;
		}
		return new MaintenanceFailedException("%s. It waited for a lock for %s, which is '%s'.".formatted(
				failure.getMessage(), Amounts.ofDuration(this.definition.settings().maintenance().lockTimeout()),
				this.definition.key("maintenance.lock-timeout")), failure);
	}

	@Override
	public boolean isExecuted() {
		return this.executed;
	}

	@Override
	public void cancel() throws SQLException {
		Statement statement = this.running;
		if (statement != null) {
			statement.cancel();
		}
	}

	@Override
	public void abort() {
		this.aborted.countDown();
		try {
			this.engine.abort(this.connection);
		}
		catch (SQLException ex) {
			logger.debug("Could not abort", ex);
		}
	}

	/**
	 * Uses the same login, as another one would not see the progress.
	 */
	@Override
	public @Nullable MaintenanceProgress readProgress() throws SQLException {
		if (this.session == null) {
			return null;
		}
		try (Connection other = this.connections.open(this.maintenance, PROGRESS_TIMEOUT)) {
			return this.maintenance.readProgress(other, this.session);
		}
	}

	@Override
	public void close() {
		this.executed = true;
		JdbcUtils.closeConnection(this.connection);
	}

	private IllegalDatabaseOperationException illegal(String message) {
		return new IllegalDatabaseOperationException(this.definition.name(), message);
	}

	/**
	 * What is to be executed.
	 *
	 * @param operation the operation
	 * @param object the table or index
	 * @param sql the statement
	 */
	private record PlannedStatement(MaintenanceOperation operation, CatalogObject object, String sql) {

	}

}
