package io.appdbs.credentials;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@link CredentialsStrategy} for credentials of a provider. Decides when to look for
 * newer ones: at intervals, before those in use expire, when the server refused them, and
 * on request.
 */
public final class RotatingCredentials implements CredentialsStrategy {

	private static final Log logger = LogFactory.getLog(RotatingCredentials.class);

	private final DatabaseDefinition definition;

	private final CredentialsSettings settings;

	private final CredentialsSchedule schedule;

	private final CredentialsOutcome outcome;

	private final CredentialsRotation rotation;

	private volatile boolean begun;

	/**
	 * Creates new {@link RotatingCredentials}.
	 * @param definition the configured database
	 * @param provider supplies the credentials
	 * @param executor looks for newer ones
	 */
	public RotatingCredentials(DatabaseDefinition definition, DatabaseCredentialsProvider provider,
			ScheduledExecutorService executor) {
		this.definition = definition;
		this.settings = definition.settings().credentials();
		this.schedule = new CredentialsSchedule(executor);
		this.outcome = new CredentialsOutcome(definition.name());
		this.rotation = new CredentialsRotation(definition, CredentialsRequests.of(definition, provider), this.schedule,
				this.outcome);
	}

	@Override
	public DatabaseDefinition getDefinition() {
		return this.definition.with(this.definition.settings().withCredentials(null, null),
				new ConnectionTokens(this.rotation, this.outcome));
	}

	@Override
	public boolean isRotating() {
		return true;
	}

	@Override
	public void load() throws InterruptedException {
		this.rotation.load();
	}

	@Override
	public boolean reload(Throwable failure) throws InterruptedException {
		return isRefused(failure) && this.rotation.load();
	}

	private boolean isRefused(Throwable failure) {
		return this.definition.engine().classify(failure).isLoginRefused();
	}

	@Override
	public void begin(Replacement replacement) {
		this.rotation.begin(replacement);
		this.begun = true;
		this.schedule.repeat(this::refreshIfDue, this::getNextDelay);
	}

	private void refreshIfDue() {
		CredentialsInUse inUse = this.rotation.getInUse();
		if (inUse == null || inUse.term() == null || (inUse.isDue() && this.outcome.isRequestDue())) {
			refreshUnlessBusy();
		}
	}

	private Duration getNextDelay() {
		CredentialsInUse inUse = this.rotation.getInUse();
		CredentialsTerm term = (inUse != null) ? inUse.term() : null;
		Duration interval = this.settings.refreshInterval();
		return (term != null) ? this.outcome.getDelay(term, interval) : interval;
	}

	@Override
	public void probeFailed(Throwable failure) {
		if (this.begun && !isToken() && isRefused(failure)) {
			this.schedule.soon(this::refreshUnlessBusy);
		}
	}

	private boolean isToken() {
		CredentialsInUse inUse = this.rotation.getInUse();
		return inUse != null && inUse.isToken();
	}

	private void refreshUnlessBusy() {
		try {
			this.rotation.tryRefresh(Duration.ZERO, (inUse) -> true);
		}
		catch (InterruptedException ex) {
			// closed meanwhile
			Thread.currentThread().interrupt();
		}
		catch (Throwable ex) {
			// an exception would end the series
			logger.error("Failed to look for newer credentials of database '%s'".formatted(this.definition.name()), ex);
		}
	}

	@Override
	public void loginRefused() {
		if (!isToken()) {
			try {
				rotate();
			}
			catch (IllegalDatabaseOperationException ex) {
				// reported in the snapshot
			}
		}
	}

	@Override
	public void rotate() {
		if (!this.begun) {
			throw notReplaced("it has not connected yet; each connection attempt reads the current credentials.");
		}
		Duration longest = this.settings.timeout().plus(this.definition.settings().pool().connectTimeoutOrDefault());
		try {
			if (!this.rotation.tryRefresh(longest, (inUse) -> true)) {
				throw notReplaced("they are already being replaced.");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw notReplaced("the thread was interrupted.");
		}
		String failure = this.outcome.getFailure();
		if (failure != null) {
			throw notReplaced(failure);
		}
	}

	private IllegalDatabaseOperationException notReplaced(String reason) {
		String name = this.definition.name();
		return new IllegalDatabaseOperationException(name,
				"The credentials of database '%s' were not replaced: %s".formatted(name, reason));
	}

	@Override
	public void close() {
		this.schedule.close();
	}

	@Override
	public @Nullable CredentialsUsage getUsage() {
		CredentialsInUse inUse = this.rotation.getInUse();
		return (inUse != null) ? inUse.toUsage(this.outcome.getFailures(), this.outcome.getFailure()) : null;
	}

}
