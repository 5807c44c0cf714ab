package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.appdbs.Database;
import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.PreparationReport;
import io.appdbs.SslUsage;
import io.appdbs.backup.BackupObservation;
import io.appdbs.cache.DatabaseCaches;
import io.appdbs.credentials.CredentialsStrategy;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.inspection.Inspection;
import io.appdbs.lifecycle.history.DatabaseHistory;
import io.appdbs.lifecycle.history.OutageLog;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.schema.Schema;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One database and the owner of its state: every transition is made, logged and published
 * here. Readers see an immutable {@link DatabaseStatus}.
 */
final class ManagedDatabase implements Database, DatabaseAccess {

	private static final Log logger = LogFactory.getLog(ManagedDatabase.class);

	private final CredentialsStrategy credentials;

	private final DatabaseDefinition definition;

	private final DatabaseStatusHolder status = new DatabaseStatusHolder();

	private final DatabaseStatistics statistics = new DatabaseStatistics();

	private final StartupLatch started;

	private final SuspensionSwitch suspension;

	private final FailedLogins failedLogins = new FailedLogins();

	private final DatabaseConnector connector;

	private final Consumer<? super DatabaseStateChangedEvent> events;

	private final DatabaseServices services;

	private final OutageLog outageLog = new OutageLog();

	private final DatabaseRest rest = new DatabaseRest();

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile @Nullable DatabaseConnectionDetails connectionDetails;

	private volatile boolean closing;

	private volatile boolean closeEnded;

	ManagedDatabase(CredentialsStrategy credentials,
			BiFunction<DatabaseDefinition, DatabaseAvailability, DatabaseConnector> connectors,
			Function<DatabaseAccess, DatabaseServices> services, Consumer<? super DatabaseStateChangedEvent> events) {
		this.credentials = credentials;
		this.definition = credentials.getDefinition();
		this.started = new StartupLatch(this.definition, this.statistics);
		this.suspension = new SuspensionSwitch(this.definition.name());
		this.connector = connectors.apply(this.definition,
				new DefaultDatabaseAvailability(this.definition.name(), this.status, this.started, this.suspension,
						this.statistics, credentials, this.failedLogins, this.rest));
		this.events = events;
		this.services = services.apply(this);
	}

	@Override
	public String getName() {
		return this.definition.name();
	}

	@Override
	public String getEngine() {
		return findEngine().getId();
	}

	@Override
	public Engine findEngine() {
		ConnectedServer server = this.status.get().opening().server();
		return (server != null) ? server.engine() : this.definition.engine();
	}

	@Override
	public DatabaseState getState() {
		return this.status.get().state();
	}

	@Override
	public Instant getSince() {
		return this.status.get().since();
	}

	@Override
	public @Nullable Throwable getLastFailure() {
		return this.status.get().failure();
	}

	@Override
	public boolean awaitUp(Duration timeout) throws InterruptedException {
		if (getState() == DatabaseState.DOWN) {
			// nobody else might find out that it is back
			this.rest.used();
			this.rest.end(Duration.ZERO);
		}
		return this.status.awaitUp(timeout);
	}

	@Override
	public DatabaseSnapshot getSnapshot() {
		return DatabaseSnapshotFactory.create(this, this.status.get());
	}

	@Override
	public Inspection inspect() {
		return this.services.inspection();
	}

	@Override
	public Schema getSchema() {
		return this.services.schema();
	}

	@Override
	public Maintenance getMaintenance() {
		return this.services.maintenance();
	}

	@Override
	public <T> T getBean(Class<T> type) {
		return type.cast(this.services.beans().apply(type));
	}

	@Override
	public @Nullable DatabaseOutage getOutage() {
		return this.status.get().toOutage(getName());
	}

	@Override
	public boolean isSuspended() {
		return this.suspension.getOutage() != null;
	}

	@Override
	public @Nullable DatabaseConnectionDetails getDetailsInUse() {
		return this.connector.getDetailsInUse();
	}

	@Override
	public DatabaseDefinition getDefinition() {
		return this.definition;
	}

	boolean isRequired() {
		return this.definition.settings().required();
	}

	/**
	 * Returns how long opening a connection may take.
	 */
	Duration getConnectTimeout() {
		return this.definition.settings().pool().connectTimeoutOrDefault();
	}

	@Override
	public DatabaseConnector getConnector() {
		return this.connector;
	}

	CredentialsStrategy getCredentials() {
		return this.credentials;
	}

	FailedLogins getFailedLogins() {
		return this.failedLogins;
	}

	DatabaseRest getRest() {
		return this.rest;
	}

	StartupLatch getStartupLatch() {
		return this.started;
	}

	SuspensionSwitch getSuspension() {
		return this.suspension;
	}

	@Override
	public DatabaseStatistics getStatistics() {
		return this.statistics;
	}

	@Nullable DatabaseCaches getCaches() {
		return this.services.caches();
	}

	@Nullable SslUsage getSslUsage() {
		return this.services.ssl().get();
	}

	@Nullable BackupObservation getBackups() {
		return this.services.backups();
	}

	DatabaseHistory getHistory() {
		return this.status.getHistory();
	}

	/**
	 * Returns what to do about the current outage.
	 * @return the action, in full sentences, or {@code null} if the database is not down
	 */
	@Nullable String getAction() {
		DatabaseStatus status = this.status.get();
		Throwable failure = status.failure();
		return (status.state() == DatabaseState.DOWN && failure != null)
				? new StartFailure(this.definition, this.connectionDetails, failure).getAction() : null;
	}

	/**
	 * Returns the latest connection details.
	 * @return the details or {@code null} if they have never been resolved
	 */
	@Nullable DatabaseConnectionDetails getConnectionDetails() {
		return this.connectionDetails;
	}

	/**
	 * Resolves the connection details, which may start an embedded server.
	 */
	DatabaseConnectionDetails resolveConnectionDetails() {
		DatabaseConnectionDetails details = this.definition.connectionDetails().get();
		this.connectionDetails = details;
		return details;
	}

	void up(ConnectedServer server) {
		Instant begin = getSince();
		this.outageLog.end();
		if (transition((status) -> status.up(server), null)) {
			logger.info("Database '%s' is UP after %d ms: %s".formatted(getName(),
					Duration.between(begin, Instant.now()).toMillis(), server.describe(this.connectionDetails)));
			this.started.release();
		}
	}

	void recovered() {
		Instant begin = getSince();
		this.outageLog.end();
		if (transition(DatabaseStatus::recovered, null)) {
			logger.info("Database '%s' is UP again after %d ms".formatted(getName(),
					Duration.between(begin, Instant.now()).toMillis()));
		}
	}

	/**
	 * Marks the database as down and logs new and repeated reasons. The start of an
	 * optional database is over then.
	 */
	void down(StartFailure failure, Duration retryAfter) {
		if (this.closing) {
			return;
		}
		Duration delay = this.failedLogins.getDelay();
		Instant next = Instant.now().plus((delay.compareTo(retryAfter) > 0) ? delay : retryAfter);
		String reason = failure.describe();
		boolean first = transition((status) -> status.down(failure.cause(), reason, next), reason);
		logOutage(failure.kind(), first, reason);
		if (first) {
			this.started.release();
		}
	}

	private void logOutage(Object kind, boolean first, String reason) {
		if (this.outageLog.isDue(kind) && !isClosed()) {
			logger.warn("Database '%s' is %s: %s".formatted(getName(), first ? "DOWN" : "still DOWN", reason));
		}
	}

	/**
	 * Marks the database as down because of a failed verification, and aborts what runs
	 * on its connections.
	 */
	void reject(VerificationFailedException failure, Duration retryAfter) {
		if (this.closing) {
			return;
		}
		DatabaseStatus.Rejection rejection = new DatabaseStatus.Rejection(failure, Instant.now().plus(retryAfter));
		String reason = String.valueOf(failure.getMessage());
		boolean first = transition((status) -> status.rejected(rejection), reason);
		this.connector.suspend();
		this.connector.abort();
		logOutage(reason, first, reason + "\n\n" + failure.getAction());
	}

	/**
	 * Notes that the database has passed a verification. If it was rejected, it may
	 * recover.
	 */
	void verified(List<PreparationReport> reports) {
		transition((status) -> status.verified(reports), null);
	}

	@Override
	public void report(PreparationReport report) {
		transition((status) -> status.reported(report), null);
	}

	/**
	 * Returns whether the database must not be used, even if it answers.
	 */
	boolean isRejected() {
		return this.status.get().rejection() != null;
	}

	/**
	 * Notes that the database answers. It stays down if it was rejected.
	 * @return whether it was rejected
	 */
	boolean stayRejected() {
		transition(DatabaseStatus::stillRejected, null);
		return isRejected();
	}

	/**
	 * Leaves the database unopened, as the application is only processed ahead of time.
	 */
	void leaveUnopened() {
		downForGood(
				new IllegalStateException("databases are not opened while the application is processed ahead of time"));
		this.started.release();
	}

	/**
	 * Ends the start of a required database, which is not retried.
	 */
	void failed(DatabaseStartException failure) {
		downForGood(failure);
		this.started.fail(failure);
	}

	private void downForGood(Exception failure) {
		String reason = String.valueOf(failure.getMessage());
		transition((status) -> status.down(failure, reason, null), reason);
	}

	boolean isUp() {
		return getState() == DatabaseState.UP;
	}

	boolean isClosed() {
		return getState() == DatabaseState.CLOSED;
	}

	/**
	 * Returns whether the database is closed or about to be closed.
	 */
	boolean isClosing() {
		return this.closing || isClosed();
	}

	/**
	 * Returns whether the database has ever been up.
	 */
	boolean isOpened() {
		return this.status.get().opening().server() != null;
	}

	/**
	 * Changes the status and publishes a change of the state.
	 * @return whether the state has changed
	 */
	private boolean transition(UnaryOperator<DatabaseStatus> change, @Nullable String reason) {
		return this.status.change(change,
				(from, to) -> this.events.accept(new DatabaseStateChangedEvent(this, from, to, reason)));
	}

	/**
	 * Announces that the database is about to be closed: failures of interrupted calls
	 * are no outage.
	 */
	void beginClose() {
		this.closing = true;
	}

	/**
	 * Ends the use of the database at run time: new borrows fail permanently, and callers
	 * that wait for a connection fail now. What runs goes on until {@link #close()}.
	 */
	void remove() {
		this.closing = true;
		transition(DatabaseStatus::removed, "it was removed");
		this.started.fail(StartFailure.closed(getName()));
		this.connector.end();
	}

	/**
	 * Returns whether closing has begun and not ended, or has not begun.
	 */
	boolean isStillClosing() {
		return !this.closeEnded;
	}

	void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		this.services.close();
		this.credentials.close();
		transition(DatabaseStatus::closed, null);
		this.started.fail(StartFailure.closed(getName()));
		try {
			this.connector.close();
		}
		catch (Exception ex) {
			logger.warn("Database '%s' did not close properly".formatted(getName()), ex);
		}
		this.closeEnded = true;
	}

}
