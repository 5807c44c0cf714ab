package io.appdbs.credentials;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseStartException;
import io.appdbs.credentials.CredentialsStrategy.Replacement;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the credentials of one database with newer ones. Only one thread at a time
 * asks the provider; others read the credentials in use.
 */
final class CredentialsRotation {

	private static final Log logger = LogFactory.getLog(CredentialsRotation.class);

	private final DatabaseDefinition definition;

	private final CredentialsRequests requests;

	private final CredentialsSchedule schedule;

	private final CredentialsOutcome outcome;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable CredentialsInUse inUse;

	/** Newer credentials that are being tried. */
	private volatile @Nullable CredentialsInUse candidate;

	private volatile @Nullable Replacement replacement;

	CredentialsRotation(DatabaseDefinition definition, CredentialsRequests requests, CredentialsSchedule schedule,
			CredentialsOutcome outcome) {
		this.definition = definition;
		this.requests = requests;
		this.schedule = schedule;
		this.outcome = outcome;
	}

	/**
	 * Returns the connection details with the credentials that are configured.
	 */
	DatabaseConnectionDetails getConfigured() {
		return this.definition.settings().applyCredentials(this.definition.connectionDetails().get());
	}

	@Nullable CredentialsInUse getInUse() {
		return this.inUse;
	}

	/**
	 * Returns newer credentials that are being tried.
	 */
	@Nullable CredentialsInUse getCandidate() {
		return this.candidate;
	}

	/**
	 * Tries and replaces credentials from now on.
	 */
	void begin(Replacement replacement) {
		this.replacement = replacement;
	}

	/**
	 * Takes the newest credentials without trying them. Called until the database has
	 * been opened.
	 * @return whether they differ from those that were in use
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
	 * Looks for newer credentials if those in use still need it when no other thread is
	 * looking. Waits for the other thread no longer than for the provider.
	 */
	void refreshIf(Predicate<CredentialsInUse> condition) {
		CredentialsInUse inUse = this.inUse;
		if (inUse != null && condition.test(inUse)) {
			try {
				tryRefresh(this.definition.settings().credentials().timeout(), condition);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Looks for newer credentials unless another thread is looking for them.
	 * @param timeout how long to wait for the other thread
	 * @param condition whether newer credentials are needed, tested when it has ended
	 * @return whether the other thread, if any, ended in time
	 */
	boolean tryRefresh(Duration timeout, Predicate<CredentialsInUse> condition) throws InterruptedException {
		if (!this.lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
			return false;
		}
		try {
			CredentialsInUse inUse = this.inUse;
			if (inUse != null && condition.test(inUse)) {
				refresh(inUse);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void refresh(CredentialsInUse former) throws InterruptedException {
		try {
			DatabaseCredentials credentials = this.requests.ask();
			Replacement replacement = this.replacement;
			if (replacement == null || former.isContinuedBy(credentials)) {
				take(former, credentials);
			}
			else {
				replace(replacement, former,
						CredentialsInUse.begin(credentials, getConfigured(), former.rotations() + 1));
			}
		}
		catch (DatabaseCredentialsException ex) {
			if (!this.schedule.isEnded()) {
				this.outcome.unanswered(former, ex);
			}
		}
	}

	private void replace(Replacement replacement, CredentialsInUse former, CredentialsInUse newer) {
		Runnable retirement;
		this.candidate = newer;
		try {
			retirement = replacement.replace(newer.details());
			answered(newer);
		}
		catch (Exception ex) {
			if (!this.schedule.isEnded()) {
				this.outcome.failed(former, describe(ex), ex);
			}
			return;
		}
		finally {
			this.candidate = null;
		}
		logger.info("Database '%s' uses new credentials".formatted(this.definition.name()));
		this.schedule.after(former.limitRetirement(this.definition.settings().credentials().retireAfter()), retirement);
	}

	private String describe(Exception failure) {
		return (failure instanceof DatabaseStartException) ? "newer credentials are not used: " + failure.getMessage()
				: "newer credentials do not work: " + this.definition.engine().classify(failure).describe(failure);
	}

	private void answered(CredentialsInUse inUse) {
		this.inUse = inUse;
		this.outcome.answered(inUse);
	}

}
