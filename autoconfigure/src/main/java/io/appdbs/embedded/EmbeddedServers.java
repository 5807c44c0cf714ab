package io.appdbs.embedded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.engine.url.InvalidUrlException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The embedded servers of one application or of its tests: one per engine and
 * {@code data-dir}. Each is started on first use. Thread-safe.
 */
public final class EmbeddedServers implements AutoCloseable {

	/**
	 * The name of the bean.
	 */
	public static final String BEAN_NAME = "appDbsEmbeddedServers";

	private static final Log logger = LogFactory.getLog(EmbeddedServers.class);

	private final @Nullable ClassLoader classLoader;

	private final Map<EmbeddedUrl, ServerHandle> servers = new LinkedHashMap<>();

	private final StopOnExit stopOnExit = new StopOnExit(this::close);

	private final @Nullable SharedDatabases shared;

	private boolean closed;

	/**
	 * Creates a new {@link EmbeddedServers}, without starting a server.
	 * @param classLoader the class loader with the libraries of the servers or
	 * {@code null} for the default one
	 */
	public EmbeddedServers(@Nullable ClassLoader classLoader) {
		this(classLoader, null);
	}

	EmbeddedServers(@Nullable ClassLoader classLoader, @Nullable SharedDatabases shared) {
		this.classLoader = (classLoader != null) ? classLoader : ClassUtils.getDefaultClassLoader();
		this.shared = shared;
	}

	/**
	 * Creates a new {@link EmbeddedServers} for one of many contexts in a JVM, as in
	 * tests. The contexts share the servers without a {@code data-dir}, which run until
	 * the JVM ends. Each context has separate databases there, which are deleted on
	 * close.
	 * @return the servers, with separate databases for the context
	 */
	public static EmbeddedServers shared() {
		return new EmbeddedServers(EmbeddedServers.class.getClassLoader(),
				new SharedDatabases(SharedDatabases.OF_THIS_JVM));
	}

	/**
	 * Returns whether a URL has the {@code embedded:} scheme.
	 * @param url the URL
	 * @return whether the URL is for {@link #getUrl}
	 */
	public static boolean isEmbedded(String url) {
		return EmbeddedUrl.matches(url);
	}

	/**
	 * Returns whether the embedded servers of an engine can have replicas.
	 * @param url a valid URL
	 * @return whether {@link #getReplicaUrl} is supported
	 */
	public static boolean isReplicated(String url) {
		return getEngine(EmbeddedUrl.parse(url)).isReplicated();
	}

	/**
	 * Returns whether a URL is for an embedded server whose data is deleted at the end.
	 * @param url a valid URL
	 * @return whether the data is temporary
	 */
	public static boolean isTemporary(String url) {
		return isEmbedded(url) && EmbeddedUrl.parse(url).dataDir() == null;
	}

	/**
	 * Returns the engine of a URL, embedded or not, without validating the rest of it.
	 * @param url the URL or {@code null}
	 * @param engines the known engines
	 * @return the engine or {@code null} if the URL is of none of them
	 */
	public static @Nullable Engine findEngine(@Nullable String url, Engines engines) {
		if (url == null) {
			return null;
		}
		return isEmbedded(url) ? engines.findById(EmbeddedUrl.engine(url).toLowerCase(Locale.ROOT))
				: engines.findByUrl(url);
	}

	/**
	 * Validates a URL without starting a server: engine and parameters must be known, and
	 * the library of the server must be on the class path.
	 * @param url an {@linkplain #isEmbedded embedded} URL
	 * @return the identifier of the engine, for example {@code postgresql}
	 * @throws InvalidUrlException if the URL cannot be used
	 */
	public String validate(String url) {
		EmbeddedUrl embeddedUrl = EmbeddedUrl.parse(url);
		EmbeddedEngine engine = getEngine(embeddedUrl);
		String server = "the embedded " + engine.getDisplayName() + " server";
		if (embeddedUrl.dataDir() != null && !engine.isPersistent()) {
			throw new InvalidUrlException("has the parameter data-dir, but " + server + " keeps its data in memory",
					"Remove the parameter data-dir, or use the URL of a server of your own.");
		}
		if (embeddedUrl.template() && !engine.isCopying()) {
			throw new InvalidUrlException("has the parameter template, but " + server + " cannot copy databases",
					"Remove the parameter template, or use embedded:postgresql.");
		}
		if (!ClassUtils.isPresent(engine.getLibraryClassName(), this.classLoader)) {
			String note = engine.getLibraryNote();
			throw new InvalidUrlException("requires " + server + ", which is not on the class path",
					Dependency.advice(List.of(engine.getLibraryCoordinates())) + ((note != null) ? "\n\n" + note : ""));
		}
		return embeddedUrl.engine();
	}

	private static EmbeddedEngine getEngine(EmbeddedUrl url) {
		EmbeddedEngine engine = EmbeddedEngine.find(url.engine());
		if (engine == null) {
			String substitute = EmbeddedEngine.findSubstitute(url.engine());
			if (substitute != null) {
				throw new InvalidUrlException(
						"requires an embedded server of '" + url.engine() + "', which does not exist",
						substitute + ", or a container with Testcontainers or Docker Compose.");
			}
			throw new InvalidUrlException("requires an embedded server of the unknown engine '" + url.engine() + "'",
					"Use one of the embedded engines: " + EmbeddedEngine.knownIds() + ".");
		}
		return engine;
	}

	/**
	 * Returns the URL of a database on an embedded server. Starts the server and creates
	 * the database if necessary; concurrent callers wait for the same start.
	 * @param url an {@linkplain #isEmbedded embedded} URL
	 * @param databaseName the name of the database
	 * @return the URL with the user, for example
	 * {@code postgresql://postgres@localhost:41233/order-archive}
	 * @throws InvalidUrlException if the URL cannot be used
	 * @throws EmbeddedServerException if the server cannot be started or the database
	 * cannot be created; another call tries again
	 */
	public String getUrl(String url, String databaseName) {
		return getUrl(url, databaseName, null);
	}

	/**
	 * Returns the URL of a database on an embedded server. If the URL has a
	 * {@code template}, the database is created as a copy.
	 * @param url an {@linkplain #isEmbedded embedded} URL
	 * @param databaseName the name of the database
	 * @param template the content to copy or {@code null} if there is none
	 * @return the URL with the user
	 * @throws InvalidUrlException if the URL cannot be used
	 * @throws EmbeddedServerException if the server cannot be started or the database
	 * cannot be created; another call tries again
	 */
	public String getUrl(String url, String databaseName, @Nullable DatabaseTemplate template) {
		validate(url);
		EmbeddedUrl embeddedUrl = EmbeddedUrl.parse(url);
		DatabaseTemplate copied = embeddedUrl.template() ? template : null;
		if (this.shared != null && embeddedUrl.dataDir() == null) {
			return this.shared.getUrl(embeddedUrl.server(), databaseName, copied);
		}
		return getUrl(embeddedUrl.server(), databaseName, copied);
	}

	/**
	 * Returns the URL of a database on a replica of an embedded server. Starts the
	 * replica if necessary, and waits until it has the database.
	 * @param url the {@linkplain #isEmbedded embedded} URL of the database
	 * @param databaseName the name of the database, for which {@link #getUrl} has been
	 * called
	 * @param number the number of the replica, from 1 on
	 * @return the URL with the user
	 * @throws EmbeddedServerException if the replica cannot be started or does not get
	 * the database; another call tries again
	 */
	public String getReplicaUrl(String url, String databaseName, int number) {
		EmbeddedUrl primary = EmbeddedUrl.parse(url).server();
		if (this.shared != null && primary.dataDir() == null) {
			return this.shared.getReplicaUrl(primary, databaseName, number);
		}
		return getUrl(primary.replica(number), databaseName, null);
	}

	String getUrl(EmbeddedUrl embeddedUrl, String databaseName, @Nullable DatabaseTemplate template) {
		ServerHandle server = getServer(embeddedUrl);
		try {
			return server.getUrl(databaseName, template);
		}
		catch (EmbeddedServerException ex) {
			removeIfFailed(embeddedUrl, server);
			throw ex;
		}
	}

	private ServerHandle getServer(EmbeddedUrl url) {
		EmbeddedEngine engine = getEngine(url);
		synchronized (this.servers) {
			if (this.closed) {
				throw new EmbeddedServerException("The embedded " + engine.getDisplayName()
						+ " server is not available: the application is shutting down", null);
			}
			this.stopOnExit.register();
			ServerHandle server = this.servers.get(url);
			if (server == null) {
				server = new ServerHandle(engine, url, (url.replica() > 0) ? getServer(url.server()) : null);
				this.servers.put(url, server);
				server.start(this.classLoader);
			}
			return server;
		}
	}

	/**
	 * Returns a name that no database of the server has or had.
	 * @param wanted the name to return if it is free, otherwise the prefix
	 */
	String claim(EmbeddedUrl url, String wanted) {
		return getServer(url).claim(wanted);
	}

	/**
	 * Deletes a database, unless its server has been stopped.
	 */
	void drop(EmbeddedUrl url, String databaseName) {
		ServerHandle server;
		synchronized (this.servers) {
			server = this.servers.get(url);
		}
		if (server != null) {
			try {
				server.drop(databaseName);
			}
			catch (Exception ex) {
				logger.warn("Could not delete the database '" + databaseName + "' on " + server, ex);
			}
		}
	}

	private void removeIfFailed(EmbeddedUrl url, ServerHandle server) {
		synchronized (this.servers) {
			if (server.isFailed()) {
				this.servers.remove(url, server);
			}
		}
	}

	/**
	 * Deletes the databases on {@linkplain #shared shared} servers, stops all other
	 * servers and deletes temporary data. If one server cannot be stopped, the others
	 * still are. A server that is starting is stopped as soon as it has started.
	 */
	@Override
	public void close() {
		List<ServerHandle> running;
		synchronized (this.servers) {
			this.closed = true;
			running = new ArrayList<>(this.servers.values());
			this.servers.clear();
		}
		// a replica before the server that it follows
		Collections.reverse(running);
		for (ServerHandle server : running) {
			try {
				server.stop();
			}
			catch (Exception ex) {
				logger.warn("Could not stop " + server, ex);
			}
		}
		this.stopOnExit.unregister();
		if (this.shared != null) {
			this.shared.close();
		}
	}

}
