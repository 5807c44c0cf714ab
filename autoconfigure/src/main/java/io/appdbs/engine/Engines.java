package io.appdbs.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.url.DatabaseUrl;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * The engines that are listed in {@code META-INF/spring.factories}. An engine of the
 * application overrides one of this library with the same identifier or URL scheme.
 */
public final class Engines {

	/** Engines are stateless, so all contexts can share them. */
	private static final Map<ClassLoader, Engines> cache = new ConcurrentReferenceHashMap<>();

	private final List<Engine> all;

	private final Map<String, Engine> byId = new HashMap<>();

	private final Map<String, Engine> byScheme = new TreeMap<>();

	private Engines(List<Engine> all) {
		this.all = all;
		for (Engine engine : all) {
			register(this.byId, "identifier", engine.getId(), engine);
			engine.getSchemes().forEach((scheme) -> register(this.byScheme, "URL scheme", scheme, engine));
		}
	}

	private static void register(Map<String, Engine> engines, String what, String key, Engine engine) {
		Engine former = engines.putIfAbsent(key, engine);
		if (former != null && !isOurs(engine)) {
			throw new InvalidDatabaseConfigurationException(null, null,
					"The engines " + former.getClass().getName() + " and " + engine.getClass().getName()
							+ " both claim the " + what + " '" + key + "'.",
					"Remove one of the two from META-INF/spring.factories.", null)
				.in(TroubleshootingSection.URL);
		}
	}

	/**
	 * Returns the engines, which are loaded once per class loader.
	 * @param classLoader the class loader to find them with or {@code null} for the
	 * default
	 * @return the engines
	 * @throws InvalidDatabaseConfigurationException if two engines of the application
	 * claim the same identifier or URL scheme
	 */
	public static Engines load(@Nullable ClassLoader classLoader) {
		return cache.computeIfAbsent((classLoader != null) ? classLoader : SpringFactoriesLoader.class.getClassLoader(),
				Engines::loadUncached);
	}

	private static Engines loadUncached(ClassLoader classLoader) {
		List<Engine> listed = SpringFactoriesLoader.loadFactories(Engine.class, classLoader);
		// The application's come first, whatever the order of the class path.
		List<Engine> sorted = new ArrayList<>(listed.stream().filter((engine) -> !isOurs(engine)).toList());
		sorted.addAll(listed.stream().filter(Engines::isOurs).toList());
		return new Engines(Collections.unmodifiableList(sorted));
	}

	private static boolean isOurs(Engine engine) {
		String own = Engine.class.getPackageName();
		String name = engine.getClass().getPackageName();
		return name.equals(own) || name.equals(own + ".distributed");
	}

	/**
	 * Returns all engines, the application's own ones first.
	 * @return the engines
	 */
	public List<Engine> getAll() {
		return this.all;
	}

	/**
	 * Returns the URL schemes of all engines, for messages.
	 * @return the schemes, sorted
	 */
	public Set<String> getSchemes() {
		return Collections.unmodifiableSet(this.byScheme.keySet());
	}

	/**
	 * Finds an engine by its identifier.
	 * @param id the identifier, for example {@code postgresql}
	 * @return the engine or {@code null} if there is none
	 */
	public @Nullable Engine findById(String id) {
		return this.byId.get(id);
	}

	/**
	 * Finds the engine that a URL belongs to.
	 * @param url the URL
	 * @return the engine or {@code null} if no engine has the scheme of the URL
	 */
	public @Nullable Engine findByUrl(String url) {
		String scheme = DatabaseUrl.schemeOf(url);
		return (scheme != null) ? this.byScheme.get(scheme) : null;
	}

	/**
	 * Returns the engine of a connected server: it may differ from that of the URL, if it
	 * has the same driver or extends it with a separate driver.
	 * @param connected the engine that the URL belongs to
	 * @param serverVersion the version that the server reports
	 * @return the engine that recognizes the version, else the connected one
	 */
	public JdbcEngine identify(JdbcEngine connected, String serverVersion) {
		for (Engine engine : this.all) {
			if (engine instanceof JdbcEngine candidate && candidate.recognizes(serverVersion)
					&& (connected.getClass().isInstance(candidate)
							|| candidate.getDriverClassName().equals(connected.getDriverClassName()))) {
				return candidate;
			}
		}
		return connected;
	}

}
