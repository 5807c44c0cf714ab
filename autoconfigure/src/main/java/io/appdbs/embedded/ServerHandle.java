package io.appdbs.embedded;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * A server from the first wish for it until it is stopped.
 */
final class ServerHandle {

	private final EmbeddedServerProvider provider;

	private final @Nullable String dataDir;

	private final ServerFolder folder;

	private final FutureTask<RunningServer> start = new FutureTask<>(this::run);

	private final Map<String, String> urls = new ConcurrentHashMap<>();

	private final Set<String> claimed = ConcurrentHashMap.newKeySet();

	ServerHandle(EmbeddedServerProvider provider, EmbeddedUrl url) {
		this.provider = provider;
		this.dataDir = (url.dataDir() != null) ? url.dataDir().toString() : null;
		this.folder = new ServerFolder(url.engine(), url.dataDir());
	}

	/**
	 * Start the server on a thread of its own, so that an interrupted caller does not
	 * take the server from the others.
	 */
	void start(@Nullable ClassLoader classLoader) {
		Thread thread = new Thread(this.start, "appdbs-embedded-" + this.provider.getEngine());
		// Threads of in-process servers inherit this, and must not keep the JVM running.
		thread.setDaemon(true);
		if (classLoader != null) {
			thread.setContextClassLoader(classLoader);
		}
		thread.start();
	}

	private RunningServer run() throws Exception {
		try {
			EmbeddedServer server = this.provider.start(this.folder);
			return new RunningServer(server, new FilledDatabases(server));
		}
		catch (Throwable ex) {
			closeFolder(ex);
			throw ex;
		}
	}

	private void closeFolder(Throwable failure) {
		try {
			this.folder.close();
		}
		catch (Exception ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Return the URL of a database, which is created first if it is missing.
	 * @param template what the database is to be a copy of or {@code null}
	 * @throws EmbeddedServerException if that fails or the server could not be started
	 */
	String getUrl(String databaseName, @Nullable DatabaseTemplate template) {
		RunningServer server = await();
		return this.urls.computeIfAbsent(databaseName, (name) -> {
			try {
				return (template != null) ? server.filled().createDatabase(name, template)
						: server.server().createDatabase(name);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new EmbeddedServerException(
						"The database '" + name + "' could not be created on " + this + ": interrupted", ex);
			}
			catch (Exception ex) {
				throw new EmbeddedServerException(
						"The database '" + name + "' could not be created on " + this + ": " + describe(ex), ex);
			}
		});
	}

	/**
	 * Return a name that was not claimed before. It is never free again: what is left of
	 * a database, even where deleting it failed, is none of the next one's business.
	 */
	String claim(String wanted) {
		String name = wanted;
		for (int i = 2; !this.claimed.add(name); i++) {
			name = wanted + "-" + i;
		}
		return name;
	}

	/**
	 * Delete a database.
	 * @throws Exception if that fails
	 */
	void drop(String databaseName) throws Exception {
		if (this.urls.remove(databaseName) != null) {
			await().server().dropDatabase(databaseName);
		}
	}

	private RunningServer await() {
		try {
			return this.start.get();
		}
		catch (ExecutionException ex) {
			Throwable cause = Objects.requireNonNullElse(ex.getCause(), ex);
			throw new EmbeddedServerException(capitalized() + " could not be started: " + describe(cause), cause);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new EmbeddedServerException(capitalized() + " could not be awaited: interrupted", ex);
		}
	}

	private static String describe(Throwable ex) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
		return (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getName();
	}

	/**
	 * Return whether the server could not be started.
	 */
	boolean isFailed() {
		if (!this.start.isDone()) {
			return false;
		}
		try {
			this.start.get();
			return false;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Stop the server. A start that is under way is waited for, and undone.
	 * @throws Exception if something of the server is left
	 */
	void stop() throws Exception {
		EmbeddedServer server;
		try {
			server = awaitUninterruptibly().server();
		}
		catch (ExecutionException ex) {
			return;
		}
		try (ServerFolder folder = this.folder) {
			server.close();
		}
	}

	private RunningServer awaitUninterruptibly() throws ExecutionException {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return this.start.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private String capitalized() {
		return "T" + toString().substring(1);
	}

	@Override
	public String toString() {
		return "the embedded " + this.provider.getDisplayName() + " server"
				+ ((this.dataDir != null) ? " on data-dir '" + this.dataDir + "'" : "");
	}

	private record RunningServer(EmbeddedServer server, FilledDatabases filled) {

	}

}
