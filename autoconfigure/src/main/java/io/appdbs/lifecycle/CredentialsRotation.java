package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseStartException;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.CredentialsSettings;
import io.appdbs.engine.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of one database, and their replacement by newer ones. One thread at a
 * time looks for newer ones; readers see those in use.
 */
final class CredentialsRotation {

	private static final Log logger = LogFactory.getLog(CredentialsRotation.class);

	private final DatabaseDefinition definition;

	private final CredentialsSettings settings;

	private final CredentialsRequests requests;

	private final ScheduledExecutorService executor;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable InUse inUse;

	private volatile @Nullable DatabaseConnector connector;

	private volatile @Nullable String failure;

	private volatile boolean requested;

	/**
	 * Create a new {@link CredentialsRotation}.
	 * @param definition the database as it is configured
	 * @param provider supplies the credentials
	 * @param executor looks for newer ones
	 */
	CredentialsRotation(DatabaseDefinition definition, DatabaseCredentialsProvider provider,
			ScheduledExecutorService executor) {
		this.definition = definition;
		this.settings = definition.settings().credentials();
		this.requests = new CredentialsRequests(definition.name(), provider, this.settings.timeout());
		this.executor = executor;
	}

	/**
	 * Return the database with the credentials in use, which the target has then.
	 */
	DatabaseDefinition getDefinition() {
		return this.definition.with(this.definition.settings().withCredentials(null, null), this::getTarget);
	}

	private ConnectionTarget getTarget() {
		InUse inUse = this.inUse;
		return (inUse != null) ? inUse.target() : apply(null);
	}

	private ConnectionTarget apply(@Nullable DatabaseCredentials credentials) {
		ConnectionTarget target = this.definition.settings().applyCredentials(this.definition.target().get());
		if (credentials == null) {
			return target;
		}
		return target.withCredentials((credentials.username() != null) ? credentials.username() : target.username(),
				credentials.password());
	}

	/**
	 * Take the newest credentials without trying them. Called until the database has been
	 * opened.
	 * @return whether they are others than those that were in use
	 * @throws DatabaseCredentialsException if there are none
	 */
	boolean load() throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			DatabaseCredentials credentials = this.requests.ask();
			InUse former = this.inUse;
			this.failure = null;
			if (former != null && Objects.equals(former.credentials(), credentials)) {
				return false;
			}
			this.inUse = new InUse(credentials, apply(credentials), Instant.now(), 0);
			return former != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Connect for the first time. Credentials that the server refuses may have been
	 * replaced just now.
	 */
	ConnectedServer connect(DatabaseConnector connector, ConnectionTarget target, Duration timeout) throws Exception {
		try {
			return connector.connect(target, timeout);
		}
		catch (Exception ex) {
			if (!isRefused(ex) || !load()) {
				throw ex;
			}
			return connector.connect(getTarget(), timeout);
		}
	}

	private boolean isRefused(Throwable failure) {
		return this.definition.engine().classify(failure).isLoginRefused();
	}

	/**
	 * The database has been opened: replace the credentials from now on.
	 */
	void begin(DatabaseConnector connector) {
		this.connector = connector;
		long millis = this.settings.refreshInterval().toMillis();
		schedule(() -> this.executor.scheduleWithFixedDelay(this::refreshUnlessBusy, millis, millis,
				TimeUnit.MILLISECONDS));
	}

	/**
	 * Look for newer credentials soon if the server refuses those in use.
	 */
	void probeFailed(Throwable failure) {
		if (this.connector != null && !this.requested && isRefused(failure)) {
			this.requested = true;
			schedule(() -> this.executor.execute(() -> {
				this.requested = false;
				refreshUnlessBusy();
			}));
		}
	}

	private void refreshUnlessBusy() {
		if (this.lock.tryLock()) {
			try {
				refresh();
			}
			catch (InterruptedException ex) {
				// closed meanwhile
				Thread.currentThread().interrupt();
			}
			catch (Throwable ex) {
				// would end the series
				logger.error(
						"The credentials of database '%s' could not be looked for".formatted(this.definition.name()),
						ex);
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/**
	 * Look for newer credentials now, and use them.
	 * @throws IllegalDatabaseOperationException if there are none that could be used
	 */
	void rotate() {
		String name = this.definition.name();
		if (this.connector == null) {
			throw new IllegalDatabaseOperationException(name,
					"The credentials of database '%s' were not replaced: it has not been opened yet, and every attempt to open it asks for them."
						.formatted(name));
		}
		long millis = this.settings.timeout().plus(trialTimeout()).toMillis();
		try {
			if (!this.lock.tryLock(millis, TimeUnit.MILLISECONDS)) {
				throw new IllegalDatabaseOperationException(name,
						"The credentials of database '%s' are being replaced just now.".formatted(name));
			}
			try {
				refresh();
			}
			finally {
				this.lock.unlock();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalDatabaseOperationException(name,
					"The credentials of database '%s' were not replaced: the thread was interrupted.".formatted(name));
		}
		String failure = this.failure;
		if (failure != null) {
			throw new IllegalDatabaseOperationException(name,
					"The credentials of database '%s' were not replaced: %s".formatted(name, failure));
		}
	}

	private Duration trialTimeout() {
		return this.definition.settings().pool().connectTimeoutOrDefault();
	}

	private void refresh() throws InterruptedException {
		DatabaseConnector connector = this.connector;
		InUse former = this.inUse;
		if (connector == null || former == null) {
			return;
		}
		try {
			DatabaseCredentials credentials = this.requests.ask();
			if (Objects.equals(credentials, former.credentials())) {
				this.failure = null;
			}
			else {
				replace(connector, former, credentials);
			}
		}
		catch (DatabaseCredentialsException ex) {
			failed(String.valueOf(ex.getMessage()), ex);
		}
	}

	private void replace(DatabaseConnector connector, InUse former, @Nullable DatabaseCredentials credentials) {
		ConnectionTarget target = apply(credentials);
		Runnable retirement;
		try {
			retirement = connector.rotate(target, trialTimeout());
		}
		catch (DatabaseStartException ex) {
			failed("newer credentials are not used: " + ex.getMessage(), ex);
			return;
		}
		catch (Exception ex) {
			failed("newer credentials do not work: " + new StartFailure(this.definition, target, ex).describe(), ex);
			return;
		}
		this.inUse = new InUse(credentials, target, Instant.now(), former.rotations() + 1);
		this.failure = null;
		logger.info("Database '%s' has new credentials".formatted(this.definition.name()));
		schedule(() -> this.executor.schedule(retirement, this.settings.retireAfter().toMillis(),
				TimeUnit.MILLISECONDS));
	}

	/**
	 * Logged once until something else happens.
	 */
	private void failed(String failure, Throwable cause) {
		// closing interrupts what is under way
		if (!failure.equals(this.failure) && !this.executor.isShutdown()) {
			this.failure = failure;
			logger.warn("Database '%s' keeps its credentials: %s".formatted(this.definition.name(), failure));
			logger.debug("Why the credentials could not be replaced", cause);
		}
	}

	private static void schedule(Runnable scheduling) {
		try {
			scheduling.run();
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
		}
	}

	/**
	 * Return which credentials are in use.
	 * @return the usage or {@code null} while there have been none
	 */
	@Nullable CredentialsUsage getUsage() {
		InUse inUse = this.inUse;
		return (inUse != null) ? new CredentialsUsage(inUse.since(), inUse.rotations(), this.failure) : null;
	}

	/**
	 * Credentials in use.
	 *
	 * @param credentials the credentials or {@code null} for those that are configured
	 * @param target where to connect to with them
	 * @param since since when
	 * @param rotations how many there were before
	 */
	private record InUse(@Nullable DatabaseCredentials credentials, ConnectionTarget target, Instant since,
			long rotations) {

		/**
		 * Return a text without secrets.
		 */
		@Override
		public String toString() {
			return "InUse[since=" + this.since + "]";
		}

	}

}
