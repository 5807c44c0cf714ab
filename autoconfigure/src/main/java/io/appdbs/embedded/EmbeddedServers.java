package io.appdbs.embedded;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.engine.url.InvalidUrlException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The embedded servers of one application, or of the tests of one, started when they are
 * first asked for: one per engine and {@code data-dir}. Safe for use by several threads.
 */
public final class EmbeddedServers implements AutoCloseable {

	/**
	 * Name of the bean.
	 */
	public static final String BEAN_NAME = "appDbsEmbeddedServers";

	private static final Log logger = LogFactory.getLog(EmbeddedServers.class);

	private final @Nullable ClassLoader classLoader;

	private final Supplier<Map<String, EmbeddedServerProvider>> providers = SingletonSupplier.of(this::loadProviders);

	private final Map<EmbeddedUrl, ServerHandle> servers = new LinkedHashMap<>();

	private final StopOnExit stopOnExit = new StopOnExit(this::close);

	private final @Nullable SharedDatabases shared;

	private boolean closed;

	/**
	 * Create a new {@link EmbeddedServers}. Nothing is started yet.
	 * @param classLoader the class loader that has the libraries of the servers or
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
	 * Create a new {@link EmbeddedServers} for one of many contexts of a JVM, as tests
	 * have them: they share the servers without a {@code data-dir}, which run until the
	 * JVM ends, and each has databases of its own there, which are deleted when this is
	 * closed.
	 * @return servers of which only the databases are the context's own
	 */
	public static EmbeddedServers shared() {
		return new EmbeddedServers(EmbeddedServers.class.getClassLoader(), SharedDatabases.ofThisJvm());
	}

	private Map<String, EmbeddedServerProvider> loadProviders() {
		Map<String, EmbeddedServerProvider> loaded = new TreeMap<>();
		SpringFactoriesLoader.forDefaultResourceLocation(this.classLoader)
			.load(EmbeddedServerProvider.class)
			.forEach((provider) -> loaded.put(provider.getEngine(), provider));
		return loaded;
	}

	/**
	 * Return whether a URL has the {@code embedded:} scheme.
	 * @param url the URL
	 * @return whether the URL is for {@link #getUrl}
	 */
	public static boolean isEmbedded(String url) {
		return EmbeddedUrl.matches(url);
	}

	/**
	 * Return the engine that a URL names, embedded or not, without checking the rest of
	 * it.
	 * @param url the URL or {@code null}
	 * @param engines the engines to look among
	 * @return the engine or {@code null} if the URL names none of them
	 */
	public static @Nullable Engine findEngine(@Nullable String url, Engines engines) {
		if (url == null) {
			return null;
		}
		return isEmbedded(url) ? engines.findById(EmbeddedUrl.engine(url).toLowerCase(Locale.ROOT))
				: engines.findByUrl(url);
	}

	/**
	 * Check a URL without starting anything: the engine and the parameters are known, and
	 * the library of the server is on the class path.
	 * @param url an {@linkplain #isEmbedded embedded} URL
	 * @return the identifier of the engine, for example {@code postgresql}
	 * @throws InvalidUrlException if the URL cannot be used
	 */
	public String validate(String url) {
		EmbeddedUrl embeddedUrl = EmbeddedUrl.parse(url);
		EmbeddedServerProvider provider = getProvider(embeddedUrl);
		if (embeddedUrl.dataDir() != null && !provider.isPersistent()) {
			throw new InvalidUrlException(
					"has a data-dir, but the embedded " + provider.getDisplayName()
							+ " server keeps its data in memory",
					"Remove the parameter data-dir, or use the URL of a server of your own.");
		}
		if (embeddedUrl.template() && !provider.isCopying()) {
			throw new InvalidUrlException(
					"has a template, but the embedded " + provider.getDisplayName() + " server does not copy databases",
					"Remove the parameter template, or use embedded:postgresql.");
		}
		if (!ClassUtils.isPresent(provider.getLibraryClassName(), this.classLoader)) {
			throw new InvalidUrlException(
					"asks for an embedded " + provider.getDisplayName() + " server, which is not on the class path",
					libraryAction(provider));
		}
		return embeddedUrl.engine();
	}

	private static String libraryAction(EmbeddedServerProvider provider) {
		String advice = Dependency.advice(List.of(provider.getLibraryCoordinates()));
		String note = provider.getLibraryNote();
		return (note != null) ? advice + "\n\n" + note : advice;
	}

	private EmbeddedServerProvider getProvider(EmbeddedUrl url) {
		EmbeddedServerProvider provider = this.providers.get().get(url.engine());
		if (provider == null) {
			throw new InvalidUrlException("asks for an embedded server of an unknown engine: '" + url.engine() + "'",
					"Use one of the embedded engines: " + String.join(", ", this.providers.get().keySet()) + ".");
		}
		return provider;
	}

	/**
	 * Return the URL of a database on an embedded server. The server is started and the
	 * database created unless they are there already; several callers wait for one start.
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
	 * Return the URL of a database on an embedded server, as {@link #getUrl} does. If the
	 * URL says so, the database is created as a copy of a template.
	 * @param url an {@linkplain #isEmbedded embedded} URL
	 * @param databaseName the name of the database
	 * @param template what the database is to be a copy of, {@code null} if there is
	 * nothing
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

	String getUrl(EmbeddedUrl embeddedUrl, String databaseName, @Nullable DatabaseTemplate template) {
		ServerHandle server = getServer(embeddedUrl);
		try {
			return server.getUrl(databaseName, template);
		}
		catch (EmbeddedServerException ex) {
			forgetIfFailed(embeddedUrl, server);
			throw ex;
		}
	}

	private ServerHandle getServer(EmbeddedUrl url) {
		EmbeddedServerProvider provider = getProvider(url);
		synchronized (this.servers) {
			if (this.closed) {
				throw new EmbeddedServerException("The embedded " + provider.getDisplayName()
						+ " server is not available: the application is shutting down", null);
			}
			this.stopOnExit.register();
			return this.servers.computeIfAbsent(url, (key) -> {
				ServerHandle server = new ServerHandle(provider, key);
				server.start(this.classLoader);
				return server;
			});
		}
	}

	/**
	 * Return a name that no database of the server has or had.
	 * @param wanted the name to return if it is free, and else to begin with
	 */
	String claim(EmbeddedUrl url, String wanted) {
		return getServer(url).claim(wanted);
	}

	/**
	 * Delete a database, unless its server has been stopped.
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

	private void forgetIfFailed(EmbeddedUrl url, ServerHandle server) {
		synchronized (this.servers) {
			if (server.isFailed()) {
				this.servers.remove(url, server);
			}
		}
	}

	/**
	 * Delete the databases on {@linkplain #shared shared} servers, and stop all other
	 * servers, each even if another cannot be stopped, and delete temporary data. A
	 * server that is just starting is stopped as soon as it has started.
	 */
	@Override
	public void close() {
		List<ServerHandle> running;
		synchronized (this.servers) {
			this.closed = true;
			running = new ArrayList<>(this.servers.values());
			this.servers.clear();
		}
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
