package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseStartException;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.credentials.CredentialsInUse;
import io.appdbs.credentials.CredentialsRequests;
import io.appdbs.credentials.CredentialsSchedule;
import io.appdbs.credentials.CredentialsTerm;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseDefinition;
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

	private final CredentialsSchedule schedule;

	private final ConnectionTokens targets;

	private final ReentrantLock lock = new ReentrantLock();

	private final CredentialsOutcome outcome;

	private volatile @Nullable CredentialsInUse inUse;

	/** Newer ones that are being tried. */
	private volatile @Nullable CredentialsInUse candidate;

	private volatile @Nullable DatabaseConnector connector;

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
		this.requests = CredentialsRequests.of(definition, provider);
		this.schedule = new CredentialsSchedule(executor);
		this.outcome = new CredentialsOutcome(definition.name());
		this.targets = new ConnectionTokens(this, this.outcome);
	}

	/**
	 * Return the database with the credentials in use, which the target has then.
	 */
	DatabaseDefinition getDefinition() {
		return this.definition.with(this.definition.settings().withCredentials(null, null), this.targets);
	}

	/**
	 * Return the database with the credentials that are configured.
	 */
	DatabaseConnectionDetails getConfigured() {
		return this.definition.settings().applyCredentials(this.definition.connectionDetails().get());
	}

	@Nullable CredentialsInUse getInUse() {
		return this.inUse;
	}

	/**
	 * Return newer credentials that are being tried.
	 */
	@Nullable CredentialsInUse getCandidate() {
		return this.candidate;
	}

	/**
	 * Look for newer credentials if those in use are still such when no other thread
	 * looks for some. Waits for the other one no longer than for the provider.
	 * @param condition what those in use are to be
	 */
	void refreshIf(Predicate<CredentialsInUse> condition) {
		CredentialsInUse inUse = this.inUse;
		if (inUse == null || !condition.test(inUse)) {
			return;
		}
		try {
			if (this.lock.tryLock(this.settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
				try {
					inUse = this.inUse;
					if (inUse != null && condition.test(inUse)) {
						refresh();
					}
				}
				finally {
					this.lock.unlock();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return whether the credentials in use are a token, which is renewed when the server
	 * refuses it.
	 */
	boolean isToken() {
		CredentialsInUse inUse = this.inUse;
		return inUse != null && inUse.isToken();
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
			CredentialsInUse former = this.inUse;
			if (former != null && former.isToken() && (!former.isDue() || !this.outcome.isRequestDue())) {
				return false;
			}
			return take(former, this.requests.ask());
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean take(@Nullable CredentialsInUse former, @Nullable DatabaseCredentials credentials) {
		if (former != null && former.isContinuedBy(credentials)) {
			answered(former.continuedBy(credentials));
			return false;
		}
		answered(CredentialsInUse.begin(credentials, getConfigured(), 0));
		return former != null;
	}

	/**
	 * Connect for the first time. Credentials that the server refuses may have been
	 * replaced just now.
	 */
	ConnectedServer connect(DatabaseConnector connector, DatabaseConnectionDetails target, Duration timeout)
			throws Exception {
		try {
			return connector.connect(target, timeout);
		}
		catch (Exception ex) {
			if (!isRefused(ex) || !load()) {
				throw ex;
			}
			return connector.connect(this.targets.get(), timeout);
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
		this.schedule.repeat(this::refreshIfDue, this::getNextDelay);
	}

	private void refreshIfDue() {
		CredentialsInUse inUse = this.inUse;
		if (inUse == null || inUse.term() == null || (inUse.isDue() && this.outcome.isRequestDue())) {
			refreshUnlessBusy();
		}
	}

	private Duration getNextDelay() {
		CredentialsInUse inUse = this.inUse;
		CredentialsTerm term = (inUse != null) ? inUse.term() : null;
		Duration interval = this.settings.refreshInterval();
		return (term != null) ? this.outcome.getDelay(term, interval) : interval;
	}

	/**
	 * Look for newer credentials soon if the server refuses those in use.
	 */
	void probeFailed(Throwable failure) {
		if (this.connector != null && !isToken() && isRefused(failure)) {
			this.schedule.soon(this::refreshUnlessBusy);
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
		String failure = this.outcome.getFailure();
		if (failure != null) {
			throw new IllegalDatabaseOperationException(name,
					"The credentials of database '%s' were not replaced: %s".formatted(name, failure));
		}
	}

	private Duration trialTimeout() {
		return this.definition.settings().pool().connectTimeoutOrDefault();
	}

	private void refresh() throws InterruptedException {
		CredentialsInUse former = this.inUse;
		if (former == null) {
			return;
		}
		try {
			DatabaseCredentials credentials = this.requests.ask();
			DatabaseConnector connector = this.connector;
			if (connector == null || former.isContinuedBy(credentials)) {
				take(former, credentials);
			}
			else {
				replace(connector, former,
						CredentialsInUse.begin(credentials, getConfigured(), former.rotations() + 1));
			}
		}
		catch (DatabaseCredentialsException ex) {
			if (!this.schedule.isEnded()) {
				this.outcome.unanswered(former, ex);
			}
		}
	}

	private void replace(DatabaseConnector connector, CredentialsInUse former, CredentialsInUse newer) {
		Runnable retirement;
		this.candidate = newer;
		try {
			retirement = connector.rotate(newer.target(), trialTimeout());
			answered(newer);
		}
		catch (Exception ex) {
			if (!this.schedule.isEnded()) {
				String failure = (ex instanceof DatabaseStartException) ? "newer credentials are not used: "
						: "newer credentials do not work: ";
				this.outcome.failed(former, failure + new StartFailure(this.definition, newer.target(), ex).describe(),
						ex);
			}
			return;
		}
		finally {
			this.candidate = null;
		}
		logger.info("Database '%s' has new credentials".formatted(this.definition.name()));
		this.schedule.after(former.limitRetirement(this.settings.retireAfter()), retirement);
	}

	private void answered(CredentialsInUse inUse) {
		this.inUse = inUse;
		this.outcome.answered(inUse);
	}

	/**
	 * Return which credentials are in use.
	 * @return the usage or {@code null} while there have been none
	 */
	@Nullable CredentialsUsage getUsage() {
		CredentialsInUse inUse = this.inUse;
		return (inUse != null) ? inUse.toUsage(this.outcome.getFailure()) : null;
	}

}
