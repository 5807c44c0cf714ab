package io.appdbs.embedded;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * A server from the first request for it until it is stopped.
 */
final class ServerHandle {

	private final EmbeddedEngine engine;

	private final @Nullable String dataDir;

	private final @Nullable ServerHandle primary;

	private final int replica;

	private final ServerFolder folder;

	private final CompletableFuture<RunningServer> start = new CompletableFuture<>();

	private final Map<String, String> urls = new ConcurrentHashMap<>();

	private final Set<String> claimed = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a new {@link ServerHandle}.
	 * @param engine the engine
	 * @param url the URL without a database
	 * @param primary the server that this one follows or {@code null}
	 */
	ServerHandle(EmbeddedEngine engine, EmbeddedUrl url, @Nullable ServerHandle primary) {
		this.engine = engine;
		this.dataDir = (url.dataDir() != null) ? url.dataDir().toString() : null;
		this.primary = primary;
		this.replica = url.replica();
		this.folder = new ServerFolder(url.engine(), (primary != null) ? null : url.dataDir());
	}

	/**
	 * Starts the server on a separate thread, so that an interrupted caller does not
	 * interrupt the start for the others.
	 */
	void start(@Nullable ClassLoader classLoader) {
		Thread thread = new Thread(this::run, "appdbs-embedded-" + this.engine.getId());
		// threads of in-process servers inherit this, and must not keep the JVM running
		thread.setDaemon(true);
		if (classLoader != null) {
			thread.setContextClassLoader(classLoader);
		}
		thread.start();
	}

	private void run() {
		try {
			EmbeddedServer server = (this.primary != null)
					? this.primary.await().server().startReplica(this.folder, this.replica)
					: this.engine.start(this.folder);
			this.start.complete(new RunningServer(server, new FilledDatabases(server)));
		}
		catch (Throwable ex) {
			closeFolder(ex);
			this.start.completeExceptionally(ex);
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
	 * Returns the URL of a database, which is created if it does not exist.
	 * @param template the content to copy or {@code null}
	 * @throws EmbeddedServerException if the database cannot be created or the server
	 * could not be started
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
	 * Returns a name that has not been claimed before. Names are never reused, so that a
	 * database that could not be deleted does not affect a later one.
	 */
	String claim(String wanted) {
		String name = wanted;
		for (int i = 2; !this.claimed.add(name); i++) {
			name = wanted + "-" + i;
		}
		return name;
	}

	/**
	 * Deletes a database.
	 * @throws Exception if the database cannot be deleted
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
	 * Returns whether the server could not be started.
	 */
	boolean isFailed() {
		return this.start.isCompletedExceptionally();
	}

	/**
	 * Stops the server. Waits for a start that is in progress, even if the thread is
	 * interrupted, and stops the server then.
	 * @throws Exception if the server could not be stopped completely
	 */
	void stop() throws Exception {
		EmbeddedServer server;
		try {
			server = this.start.join().server();
		}
		catch (CompletionException ex) {
			return;
		}
		try (ServerFolder folder = this.folder) {
			server.close();
		}
	}

	private String capitalized() {
		return "T" + toString().substring(1);
	}

	@Override
	public String toString() {
		return "the " + ((this.primary != null) ? "replica of the " : "") + "embedded " + this.engine.getDisplayName()
				+ " server" + ((this.dataDir != null) ? " on data-dir '" + this.dataDir + "'" : "");
	}

	private record RunningServer(EmbeddedServer server, FilledDatabases filled) {

	}

}
