package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseCredentialsProvider;
import org.jspecify.annotations.Nullable;

/**
 * Asks the provider of a database, on a thread of its own, as it may hang. One that does
 * not even end when it is interrupted is not asked again before it ends.
 */
final class CredentialsRequests {

	private final String database;

	private final DatabaseCredentialsProvider provider;

	private final Duration timeout;

	/** Of a request whose answer nobody waits for any longer. */
	private @Nullable Thread overdue;

	CredentialsRequests(String database, DatabaseCredentialsProvider provider, Duration timeout) {
		this.database = database;
		this.provider = provider;
		this.timeout = timeout;
	}

	/**
	 * Ask the provider.
	 * @return the credentials or {@code null} for those that are configured
	 * @throws DatabaseCredentialsException if there are none
	 * @throws InterruptedException if the current thread is interrupted
	 */
	synchronized @Nullable DatabaseCredentials ask() throws InterruptedException {
		if (this.overdue != null && this.overdue.isAlive()) {
			throw CredentialsProviderFailure.overdue(this.timeout.toMillis());
		}
		FutureTask<@Nullable DatabaseCredentials> task = new FutureTask<>(
				() -> this.provider.getCredentials(this.database));
		Thread thread = new Thread(task, "appdbs-credentials-" + this.database);
		thread.setDaemon(true);
		thread.start();
		try {
			return task.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw (cause instanceof DatabaseCredentialsException failure) ? failure
					: CredentialsProviderFailure.failed(cause);
		}
		catch (TimeoutException ex) {
			throw CredentialsProviderFailure.overdue(this.timeout.toMillis());
		}
		finally {
			if (task.cancel(true)) {
				this.overdue = thread;
			}
		}
	}

}
