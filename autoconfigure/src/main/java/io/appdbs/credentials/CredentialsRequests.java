package io.appdbs.credentials;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Asks the provider of a database, on a thread of its own, as it may hang. One that does
 * not even end when it is interrupted is not asked again before it ends.
 */
public final class CredentialsRequests {

	private static final Pattern HOST_AND_PORT = Pattern.compile("(.+):(\\d{1,5})");

	private final String database;

	private final Callable<@Nullable DatabaseCredentials> request;

	private final Duration timeout;

	/** Of a request whose answer nobody waits for any longer. */
	private @Nullable Thread overdue;

	CredentialsRequests(String database, Callable<@Nullable DatabaseCredentials> request, Duration timeout) {
		this.database = database;
		this.request = request;
		this.timeout = timeout;
	}

	/**
	 * Create the requests of a database.
	 * @param definition the database as it is configured
	 * @param provider supplies the credentials
	 * @return the of
	 */
	public static CredentialsRequests of(DatabaseDefinition definition, DatabaseCredentialsProvider provider) {
		return new CredentialsRequests(definition.name(), () -> {
			DatabaseCredentials credentials = ask(definition, provider);
			if (credentials != null && credentials.connectingOnly()
					&& definition.engine().getKind() != DatabaseKind.RELATIONAL) {
				throw new DatabaseCredentialsException(
						"its credentials provider supplies a token for connecting, but the driver of %s keeps its credentials for life."
							.formatted(definition.engine().getDisplayName()),
						"Return other DatabaseCredentials, or have the driver get tokens itself, with the parameter 'authMechanism' of '%s'."
							.formatted(definition.key("url")),
						null);
			}
			return credentials;
		}, definition.settings().credentials().timeout());
	}

	private static @Nullable DatabaseCredentials ask(DatabaseDefinition definition,
			DatabaseCredentialsProvider provider) throws Exception {
		List<String> hosts = definition.connectionDetails().get().hosts();
		String address = hosts.isEmpty() ? "" : hosts.get(0);
		Matcher matcher = HOST_AND_PORT.matcher(address);
		return matcher.matches()
				? provider.getCredentials(definition.name(), matcher.group(1), Integer.parseInt(matcher.group(2)))
				: provider.getCredentials(definition.name());
	}

	/**
	 * Ask the provider.
	 * @return the credentials or {@code null} for those that are configured
	 * @throws DatabaseCredentialsException if there are none
	 * @throws InterruptedException if the current thread is interrupted
	 */
	public synchronized @Nullable DatabaseCredentials ask() throws InterruptedException {
		if (this.overdue != null && this.overdue.isAlive()) {
			throw CredentialsProviderFailure.overdue(this.timeout.toMillis());
		}
		FutureTask<@Nullable DatabaseCredentials> task = new FutureTask<>(this.request);
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
