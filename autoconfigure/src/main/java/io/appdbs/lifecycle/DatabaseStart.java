package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

import io.appdbs.engine.JitteredBackOff;
import io.appdbs.lifecycle.history.OutageLog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;

/**
 * Opens one database for the first time, on the thread that runs it. A required database
 * is retried until {@code startup.timeout}, unless retrying cannot help. An optional one
 * is tried once; then the monitor takes over.
 */
final class DatabaseStart implements Runnable {

	private static final Log logger = LogFactory.getLog(DatabaseStart.class);

	private final ManagedDatabase database;

	private final BackOffExecution backOff = new JitteredBackOff(Duration.ofMillis(100), Duration.ofSeconds(2)).start();

	private final OutageLog log = new OutageLog(Duration.ofSeconds(3), System::nanoTime);

	private final long begin = System.nanoTime();

	private int attempts;

	DatabaseStart(ManagedDatabase database) {
		this.database = database;
	}

	@Override
	public void run() {
		Duration delay = attempt();
		while (delay != null && !this.database.isClosing()) {
			try {
				Thread.sleep(delay.toMillis());
			}
			catch (InterruptedException ex) {
				// only closing the application interrupts
				return;
			}
			delay = attempt();
		}
	}

	/**
	 * Tries once.
	 * @return the delay before the next attempt or {@code null} if there is none
	 */
	private @Nullable Duration attempt() {
		this.attempts++;
		StartFailure failure = new DatabaseOpener(this.database).open(this::attemptTimeout);
		// closing the application interrupts an attempt
		return (failure != null && !this.database.isClosing()) ? failed(failure) : null;
	}

	private @Nullable Duration failed(StartFailure failure) {
		Duration delay = Duration.ofMillis(this.backOff.nextBackOff());
		if (!this.database.isRequired()) {
			this.database.down(failure, delay);
			return null;
		}
		if (failure.isPermanent() || left().compareTo(delay) < 0) {
			this.database.failed(failure.toException(this.attempts, elapsed()));
			return null;
		}
		if (this.log.isDue(failure.kind())) {
			logger.warn("Database '%s' is still STARTING after %d attempt%s in %d s, '%s' is %d s: %s".formatted(
					this.database.getName(), this.attempts, (this.attempts != 1) ? "s" : "", elapsed().toSeconds(),
					this.database.getDefinition().key("startup.timeout"), startupTimeout().toSeconds(),
					failure.describe()));
		}
		return delay;
	}

	/**
	 * Returns the time limit of an attempt. The application does not wait for an optional
	 * database, so its attempt may take as long as any later one.
	 */
	private Duration attemptTimeout() {
		Duration timeout = this.database.getConnectTimeout();
		if (!this.database.isRequired()) {
			return timeout;
		}
		Duration least = this.database.getDefinition().settings().health().timeout();
		return Collections.max(List.of(least, Collections.min(List.of(timeout, left()))));
	}

	private Duration left() {
		return startupTimeout().minus(elapsed());
	}

	private Duration startupTimeout() {
		return this.database.getDefinition().settings().startup().timeout();
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.begin);
	}

}
