package io.appdbs.container;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.PlaceholderResolutionException;

/**
 * Declares the databases in containers as the property source of highest precedence.
 * Names and engines are declared before beans are defined; URLs and credentials follow
 * when the containers are running.
 */
public final class ContainerDatabases {

	private static final List<String> OVERRIDDEN = List.of("credentials.username-file", "credentials.password-file",
			"replicas");

	private final ConfigurableEnvironment environment;

	private final Engines engines;

	/**
	 * Creates new {@link ContainerDatabases}.
	 * @param environment the environment that the databases are added to
	 * @param classLoader the class loader to find engines with or {@code null} for the
	 * default
	 */
	public ContainerDatabases(ConfigurableEnvironment environment, @Nullable ClassLoader classLoader) {
		this.environment = environment;
		this.engines = Engines.load(classLoader);
	}

	/**
	 * Declares databases. Of their configuration, only the engine is overridden.
	 * @param databases the databases
	 * @param injected supplies the names under which the application is known to inject
	 * beans, configured or not; called only if needed
	 * @throws InvalidDatabaseConfigurationException if a name is not allowed, is declared
	 * twice or is not used, or if a container contradicts the configuration
	 */
	public void declare(Collection<ContainerDatabase> databases, Supplier<Set<String>> injected) {
		if (databases.isEmpty()) {
			return;
		}
		Source source = new Source(source());
		Set<String> configured = configured().names();
		for (ContainerDatabase database : databases) {
			rejectInvalidName(database);
			rejectSecond(database, source.declared.put(database.name(), database));
			rejectUnused(database, configured, injected);
			Engine engine = findEngine(database);
			String id = (engine != null) ? engineToSet(database, engine) : null;
			if (id != null || !configured.contains(database.name())) {
				// without an engine, an empty value still declares the database
				source.set(database, "engine", Objects.requireNonNullElse(id, ""));
			}
		}
		publish(source);
	}

	/**
	 * Sets the URL and the login of a declared database.
	 * @param database the database
	 * @param url the URL
	 * @param username the login username or {@code null} if there is none
	 * @param password the login password or {@code null} if there is none
	 * @throws InvalidDatabaseConfigurationException if the URL shows that the container
	 * contradicts the configuration
	 */
	public void connect(ContainerDatabase database, String url, @Nullable String username, @Nullable String password) {
		Engine engine = this.engines.findByUrl(url);
		if (findEngine(database) == null && engine != null) {
			engineToSet(database, engine);
		}
		Source source = new Source(source());
		source.set(database, "url", url);
		// an empty value overrides the configuration, whose login, replicas and
		// credential files are not those of the container
		source.set(database, "username", Objects.requireNonNullElse(username, ""));
		source.set(database, "password", Objects.requireNonNullElse(password, ""));
		// the login of a container is its administrator by design
		source.set(database, "privileges.verify", "off");
		OVERRIDDEN.forEach((key) -> source.set(database, key, ""));
		publish(source);
	}

	/**
	 * Returns whether an engine accepts a URL.
	 * @param url the URL
	 * @return whether the URL is supported
	 */
	public boolean supports(String url) {
		return this.engines.findByUrl(url) != null;
	}

	private @Nullable Engine findEngine(ContainerDatabase database) {
		return (database.engine() != null) ? this.engines.findById(database.engine()) : null;
	}

	/**
	 * Returns the configuration without the values of containers.
	 */
	private ConfiguredSources configured() {
		return ConfiguredSources.of(this.environment).without(Source.NAME);
	}

	private @Nullable String findValue(String key) {
		ConfiguredSources.Place place = configured().locate(ConfigurationPropertyName.of(key), true);
		try {
			return (place != null) ? this.environment.resolvePlaceholders(place.value().toString()) : null;
		}
		catch (PlaceholderResolutionException ex) {
			// a circular placeholder, which is reported when the database is bound
			return null;
		}
	}

	private @Nullable Source source() {
		return (Source) this.environment.getPropertySources().get(Source.NAME);
	}

	/**
	 * Publishes a new source for each change, since names of keys are cached per source.
	 */
	private void publish(Source source) {
		if (source() != null) {
			this.environment.getPropertySources().replace(Source.NAME, source);
		}
		else {
			this.environment.getPropertySources().addFirst(source);
		}
	}

	private static void rejectInvalidName(ContainerDatabase database) {
		if (!DatabaseNames.isValid(database.name())) {
			throw new InvalidDatabaseConfigurationException(database.name(), null,
					"Database '%s', declared by %s: the name is not allowed.".formatted(database.name(),
							database.origin()),
					"Rename it there. " + DatabaseNames.RULE, null)
				.in(TroubleshootingSection.CONTAINER);
		}
	}

	/**
	 * A child context may find the same declaration as its parent.
	 */
	private static void rejectSecond(ContainerDatabase database, @Nullable ContainerDatabase first) {
		if (first != null && !first.equals(database)) {
			throw new InvalidDatabaseConfigurationException(database.name(), null,
					"Database '%s' has two containers: %s and %s.".formatted(database.name(), first.origin(),
							database.origin()),
					"Remove one of the declarations, or change its name to that of another database.", null)
				.in(TroubleshootingSection.CONTAINER);
		}
	}

	/**
	 * If nothing is configured, for example because the operator has the configuration,
	 * any name is accepted.
	 */
	private static void rejectUnused(ContainerDatabase database, Set<String> configured,
			Supplier<Set<String>> injected) {
		String name = database.name();
		if (configured.isEmpty() || configured.contains(name)) {
			return;
		}
		Set<String> known = new LinkedHashSet<>(configured);
		known.addAll(injected.get());
		if (!known.contains(name)) {
			throw new InvalidDatabaseConfigurationException(name, null,
					"Database '%s', declared by %s, is not used by the application. Known: %s.".formatted(name,
							database.origin(), String.join(", ", known)),
					"Use one of the known names, or configure the database, for example with '%s'."
						.formatted(DatabaseDefinition.key(name, "required")),
					null)
				.in(TroubleshootingSection.CONTAINER);
		}
	}

	/**
	 * Compares the engine in a container with the configuration.
	 * @return the engine to set or {@code null} to keep the configured one
	 */
	private @Nullable String engineToSet(ContainerDatabase database, Engine engine) {
		String key = DatabaseDefinition.key(database.name(), "engine");
		String id = findValue(key);
		if (id != null && !id.isBlank()) {
			Engine configured = this.engines.findById(id.trim());
			if (configured != null && configured != engine
					&& (isOfThisLibrary(configured) || !configured.isSameProtocol(engine))) {
				throw contradiction(database, engine, key, "'%s' is '%s'".formatted(key, id.trim()));
			}
			return null;
		}
		String urlKey = DatabaseDefinition.key(database.name(), "url");
		Engine configured = EmbeddedServers.findEngine(findValue(urlKey), this.engines);
		if (configured != null && !configured.isSameProtocol(engine)) {
			throw contradiction(database, engine, urlKey,
					"'%s' is a URL for %s".formatted(urlKey, configured.getDisplayName()));
		}
		return (configured != null && !isOfThisLibrary(configured)) ? configured.getId() : engine.getId();
	}

	private static InvalidDatabaseConfigurationException contradiction(ContainerDatabase database, Engine engine,
			String key, String what) {
		return new InvalidDatabaseConfigurationException(database.name(), key,
				"Database '%s': %s runs %s, but %s.".formatted(database.name(), database.origin(),
						engine.getDisplayName(), what),
				"Declare a container with the configured engine, or correct '%s'.".formatted(key), null)
			.in(TroubleshootingSection.CONTAINER);
	}

	private static boolean isOfThisLibrary(Engine engine) {
		return engine.getClass().getPackageName().equals(Engine.class.getPackageName());
	}

	private static final class Source extends MapPropertySource {

		static final String NAME = "appDbsContainers";

		private final Map<String, ContainerDatabase> declared = new LinkedHashMap<>();

		Source(@Nullable Source former) {
			super(NAME, new LinkedHashMap<>((former != null) ? former.getSource() : Map.of()));
			if (former != null) {
				this.declared.putAll(former.declared);
			}
		}

		void set(ContainerDatabase database, String key, String value) {
			getSource().put(DatabaseDefinition.key(database.name(), key), value);
		}

	}

}
