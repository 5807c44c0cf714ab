package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.appdbs.Database;
import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseServer;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One database and the owner of its state. Transitions happen under this object's
 * monitor; readers see an immutable {@link DatabaseStatus}.
 */
final class ManagedDatabase implements Database, DatabaseAvailability {

	private static final Log logger = LogFactory.getLog(ManagedDatabase.class);

	/** What the application waits for is logged after this time. */
	private static final Duration SILENT_WAIT = Duration.ofSeconds(3);

	private final DatabaseDefinition definition;

	private final DatabaseConnector connector;

	private final Consumer<DatabaseStateChangedEvent> events;

	private final StartupLatch started;

	private final AtomicBoolean waitLogged = new AtomicBoolean();

	private final DatabaseStatistics statistics = new DatabaseStatistics();

	private final SuspensionSwitch suspension;

	private final FailedLogins refusedLogins = new FailedLogins();

	private final OutageLog outageLog = new OutageLog();

	private final @Nullable CredentialsRotation credentials;

	private volatile DatabaseStatus status;

	private volatile @Nullable DatabaseConnectionDetails target;

	private volatile @Nullable Duration responseTime;

	private volatile boolean closing;

	ManagedDatabase(DatabaseDefinition definition, @Nullable CredentialsRotation credentials,
			BiFunction<DatabaseDefinition, DatabaseAvailability, DatabaseConnector> connectors,
			Consumer<DatabaseStateChangedEvent> events) {
		this.definition = (credentials != null) ? credentials.getDefinition() : definition;
		this.credentials = credentials;
		this.status = DatabaseStatus.starting();
		this.started = new StartupLatch(definition.name());
		this.suspension = new SuspensionSwitch(definition.name());
		this.connector = connectors.apply(this.definition, this);
		this.events = events;
	}

	DatabaseDefinition getDefinition() {
		return this.definition;
	}

	DatabaseConnector getConnector() {
		return this.connector;
	}

	boolean isRequired() {
		return this.definition.settings().required();
	}

	/**
	 * Return how long opening a connection may take.
	 */
	Duration getConnectTimeout() {
		return this.definition.settings().pool().connectTimeoutOrDefault();
	}

	@Override
	public String getName() {
		return this.definition.name();
	}

	@Override
	public String getEngine() {
		return findEngine().getId();
	}

	Engine findEngine() {
		ConnectedServer server = this.status.opening().server();
		return (server != null) ? server.engine() : this.definition.engine();
	}

	@Override
	public DatabaseState getState() {
		return this.status.state();
	}

	@Override
	public Instant getSince() {
		return this.status.since();
	}

	@Override
	public @Nullable Throwable getLastFailure() {
		return this.status.failure();
	}

	@Override
	public DatabaseSnapshot getSnapshot() {
		DatabaseStatus status = this.status;
		ConnectedServer server = status.opening().server();
		DatabaseOutage suspended = this.suspension.getOutage();
		DatabaseOutage outage = outage(status);
		return new DatabaseSnapshot(getName(), isRequired(), server(server), status.state(), status.since(),
				(outage != null) ? outage : suspended, status.opening().failedAtStart(), this.responseTime,
				status.opening().duration(), this.connector.getPoolUsage(),
				(this.credentials != null) ? this.credentials.getUsage() : null,
				(server != null) ? server.preparations() : List.of(), suspended != null, replica());
	}

	private @Nullable DatabaseReplica replica() {
		String of = this.definition.replicaOf();
		return (of != null)
				? new DatabaseReplica(of, this.connector.getReplicationLag(), this.connector.getReplicationProblem())
				: null;
	}

	private DatabaseServer server(@Nullable ConnectedServer server) {
		DatabaseConnectionDetails target = this.target;
		return new DatabaseServer(getEngine(), (server != null) ? server.version() : null,
				(target != null) ? target.hosts() : List.of(), (target != null) ? target.database() : null);
	}

	SuspensionSwitch getSuspension() {
		return this.suspension;
	}

	DatabaseStatistics getStatistics() {
		return this.statistics;
	}

	/**
	 * Return where the database is, with the credentials to use now.
	 */
	DatabaseConnectionDetails resolveTarget() throws InterruptedException {
		if (this.credentials != null) {
			this.credentials.load();
		}
		DatabaseConnectionDetails target = this.definition.connectionDetails().get();
		this.target = target;
		return target;
	}

	/**
	 * Connect to the database and prepare it, which counts as a probe.
	 */
	ConnectedServer connect(DatabaseConnectionDetails target, Duration timeout) throws Exception {
		long begin = System.nanoTime();
		boolean connected = false;
		try {
			ConnectedServer server = (this.credentials != null)
					? this.credentials.connect(this.connector, target, timeout)
					: this.connector.connect(target, timeout);
			connected = true;
			return server;
		}
		finally {
			this.statistics.probed(Duration.ofNanos(System.nanoTime() - begin), connected);
		}
	}

	/**
	 * Look for newer credentials if the server refuses those in use. Does not wait.
	 */
	void probeFailed(Throwable failure) {
		if (this.credentials != null) {
			this.credentials.probeFailed(failure);
		}
	}

	@Override
	public FailedLogins getRefusedLogins() {
		return this.refusedLogins;
	}

	@Override
	public boolean isRotating() {
		return this.credentials != null;
	}

	@Override
	public void refreshCredentials() {
		if (this.credentials != null && this.credentials.isToken()) {
			// renewed when it was refused
			return;
		}
		try {
			rotateCredentials();
		}
		catch (IllegalDatabaseOperationException ex) {
			// the snapshot tells
		}
	}

	/**
	 * Replace the credentials by newer ones, if there are any.
	 */
	void rotateCredentials() {
		if (this.credentials == null) {
			throw new IllegalDatabaseOperationException(getName(),
					"The credentials of database '%s' do not change: it has neither '%s' nor a DatabaseCredentialsProvider bean."
						.formatted(getName(), this.definition.key("credentials.password-file")));
		}
		this.credentials.rotate();
	}

	void probed(Duration duration, boolean answered) {
		this.statistics.probed(duration, answered);
		if (answered) {
			this.responseTime = duration;
		}
	}

	@Override
	public void borrowFailed(BorrowFailure reason) {
		this.statistics.borrowFailed(reason);
	}

	@Override
	public @Nullable DatabaseOutage check(Duration timeout) {
		long begin = System.nanoTime();
		if (this.status.state() == DatabaseState.STARTING) {
			this.started.await(timeout);
		}
		DatabaseOutage suspended = this.suspension.await(timeout.minusNanos(System.nanoTime() - begin));
		DatabaseOutage outage = outage(this.status);
		if (outage != null) {
			this.statistics.borrowFailed(BorrowFailure.DOWN);
			return outage;
		}
		if (suspended != null) {
			this.statistics.borrowFailed(BorrowFailure.SUSPENDED);
		}
		return suspended;
	}

	@Override
	public boolean isUp() {
		return this.status.state() == DatabaseState.UP;
	}

	@Override
	public boolean isOpen() {
		return isUp() && this.suspension.getOutage() == null;
	}

	private @Nullable DatabaseOutage outage(DatabaseStatus status) {
		return switch (status.state()) {
			case UP -> null;
			case STARTING -> outage(status, "it is still starting");
			case CLOSED -> outage(status, "it is closed");
			case DOWN -> outage(status, String.valueOf(status.reason()));
		};
	}

	private DatabaseOutage outage(DatabaseStatus status, String reason) {
		return new DatabaseOutage(getName(), reason, status.since(), status.nextAttempt());
	}

	/**
	 * Wait until the start is over.
	 * @throws DatabaseStartException if the database is required and could not be opened
	 */
	void awaitStarted() {
		if (isClosed()) {
			throw StartFailure.closed(getName());
		}
		if (!this.started.await(SILENT_WAIT) && !Thread.currentThread().isInterrupted()
				&& this.statistics.getProbes() == 0 && this.waitLogged.compareAndSet(false, true)) {
			logger.warn("Database '%s' is still STARTING: the first attempt takes more than %d s, '%s' is %d s"
				.formatted(getName(), SILENT_WAIT.toSeconds(), this.definition.key("startup.timeout"),
						this.definition.settings().startup().timeout().toSeconds()));
		}
		this.started.await();
	}

	boolean awaitStartedUntil(long deadline) {
		return this.started.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
	}

	void up(ConnectedServer server) {
		Instant begin = this.status.since();
		if (this.credentials != null) {
			// whoever sees that the database is up may ask for a rotation
			this.credentials.begin(this.connector);
		}
		this.outageLog.end();
		if (transition((status) -> status.up(server), null)) {
			logger.info("Database '%s' is UP after %d ms: %s".formatted(getName(),
					Duration.between(begin, Instant.now()).toMillis(), describe(server)));
			this.started.give();
		}
	}

	void recovered() {
		Instant begin = this.status.since();
		this.outageLog.end();
		if (transition(DatabaseStatus::recovered, null)) {
			logger.info("Database '%s' is UP again after %d ms".formatted(getName(),
					Duration.between(begin, Instant.now()).toMillis()));
		}
	}

	/**
	 * The database is down. Logged when the reason changes, and again after some minutes;
	 * an optional database is done with its start then.
	 */
	void down(StartFailure failure, Duration retryAfter) {
		if (this.closing) {
			return;
		}
		Duration delay = this.refusedLogins.getDelay();
		Instant next = Instant.now().plus((delay.compareTo(retryAfter) > 0) ? delay : retryAfter);
		String reason = failure.describe();
		boolean first = transition((status) -> status.down(failure.cause(), reason, next), reason);
		logOutage(failure.kind(), first, reason);
		if (first) {
			this.started.give();
		}
	}

	private void logOutage(Object kind, boolean first, String reason) {
		if (this.outageLog.isDue(kind) && !isClosed()) {
			logger.warn("Database '%s' is %s: %s".formatted(getName(), first ? "DOWN" : "still DOWN", reason));
		}
	}

	/**
	 * A verification has found that the database must not be used. It goes down, and what
	 * is under way on its connections is ended.
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
	 * The database has passed a verification. If it was rejected, it may recover.
	 */
	void verified(List<PreparationReport> reports) {
		transition((status) -> status.verified(reports), null);
	}

	/**
	 * Return whether the database must not be used, whether or not it answers.
	 */
	boolean isRejected() {
		return this.status.rejection() != null;
	}

	/**
	 * The database answers. It stays down if it was rejected.
	 * @return whether it was
	 */
	boolean stayRejected() {
		transition(DatabaseStatus::stillRejected, null);
		return isRejected();
	}

	/**
	 * Return whether the database has ever been up.
	 */
	boolean isOpened() {
		return this.status.opening().server() != null;
	}

	/**
	 * The application does not run, so there is nothing to open for it.
	 */
	void leaveUnopened() {
		String reason = "databases are not opened while the application is processed ahead of time";
		transition((status) -> status.down(new IllegalStateException(reason), reason, null), reason);
		this.started.give();
	}

	/**
	 * The start of a required database has failed for good.
	 */
	void failed(DatabaseStartException failure) {
		String reason = String.valueOf(failure.getMessage());
		transition((status) -> status.down(failure, reason, null), reason);
		this.started.fail(failure);
	}

	private String describe(ConnectedServer server) {
		DatabaseConnectionDetails target = this.target;
		return (server.version() != null && target != null)
				? "%s at %s".formatted(server.version(), target.displayUrl()) : "a bean of the application";
	}

	boolean isClosed() {
		return this.status.state() == DatabaseState.CLOSED;
	}

	/**
	 * Change the state.
	 * @return whether the state is another one now; nothing leaves {@code CLOSED}
	 */
	private boolean transition(UnaryOperator<DatabaseStatus> change, @Nullable String reason) {
		DatabaseState from;
		DatabaseState to;
		synchronized (this) {
			from = this.status.state();
			if (from == DatabaseState.CLOSED) {
				return false;
			}
			this.status = change.apply(this.status);
			to = this.status.state();
		}
		if (from == to) {
			return false;
		}
		this.events.accept(new DatabaseStateChangedEvent(this, from, to, reason));
		return true;
	}

	/**
	 * The database is about to be closed: what is interrupted for that is no outage.
	 */
	void beginClose() {
		this.closing = true;
	}

	void close() {
		if (transition(DatabaseStatus::closed, null)) {
			this.started.fail(StartFailure.closed(getName()));
			try {
				this.connector.close();
			}
			catch (Exception ex) {
				logger.warn("Database '%s' did not close properly".formatted(getName()), ex);
			}
		}
	}

}
