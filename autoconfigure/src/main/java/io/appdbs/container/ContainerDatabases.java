package io.appdbs.container;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The databases that run in containers, as the property source of highest precedence.
 * Names and engines are declared before beans are defined, URLs and credentials follow
 * when the containers run.
 */
public final class ContainerDatabases {

	private static final List<String> NOT_OF_CONTAINER = List.of("credentials.username-file",
			"credentials.password-file", "replicas");

	private static final Pattern VALID_NAME = Pattern.compile("[a-z][a-z0-9-]*");

	private final ConfigurableEnvironment environment;

	private final Engines engines;

	private final ConfiguredDatabases configured;

	/**
	 * Create new {@link ContainerDatabases}.
	 * @param environment the environment that the databases are added to
	 * @param classLoader the class loader to find engines with or {@code null} for the
	 * default
	 */
	public ContainerDatabases(ConfigurableEnvironment environment, @Nullable ClassLoader classLoader) {
		this.environment = environment;
		this.engines = Engines.load(classLoader);
		this.configured = new ConfiguredDatabases(environment, Source.NAME);
	}

	/**
	 * Declare databases. What the configuration says of them stays, but for the engine.
	 * @param databases the databases
	 * @param injected the names that the application is known to inject beans of, whether
	 * they are configured or not; found only if it matters
	 * @throws InvalidDatabaseConfigurationException if a name is not allowed, is declared
	 * twice or is used by nothing, or if a container contradicts the configuration
	 */
	public void declare(Collection<ContainerDatabase> databases, Supplier<Set<String>> injected) {
		if (databases.isEmpty()) {
			return;
		}
		Source source = new Source(source());
		Set<String> configured = this.configured.names();
		for (ContainerDatabase database : databases) {
			refuseName(database);
			refuseSecond(database, source.declared.put(database.name(), database));
			refuseUnused(database, configured, injected);
			Engine engine = findEngine(database);
			String id = (engine != null) ? engineToSet(database, engine) : null;
			if (id != null || !configured.contains(database.name())) {
				// without an engine, an empty value still makes a database of the name
				source.set(database, "engine", Objects.requireNonNullElse(id, ""));
			}
		}
		publish(source);
	}

	/**
	 * Tell where the server of a declared database is.
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
		// an empty value is none, whatever the configuration says, and its other servers
		// and logins are none of the container
		source.set(database, "username", Objects.requireNonNullElse(username, ""));
		source.set(database, "password", Objects.requireNonNullElse(password, ""));
		NOT_OF_CONTAINER.forEach((key) -> source.set(database, key, ""));
		publish(source);
	}

	/**
	 * Return whether an engine has URLs like this one.
	 * @param url the URL
	 * @return whether the URL is understood
	 */
	public boolean understands(String url) {
		return this.engines.findByUrl(url) != null;
	}

	private @Nullable Engine findEngine(ContainerDatabase database) {
		return (database.engine() != null) ? this.engines.findById(database.engine()) : null;
	}

	private @Nullable Source source() {
		return (Source) this.environment.getPropertySources().get(Source.NAME);
	}

	/**
	 * Each change is a new source, since names of keys are cached per source.
	 */
	private void publish(Source source) {
		if (source() != null) {
			this.environment.getPropertySources().replace(Source.NAME, source);
		}
		else {
			this.environment.getPropertySources().addFirst(source);
		}
	}

	private static void refuseName(ContainerDatabase database) {
		if (!VALID_NAME.matcher(database.name()).matches()) {
			throw new InvalidDatabaseConfigurationException(database.name(), null,
					"Database '%s', declared by %s: the name is not allowed.".formatted(database.name(),
							database.origin()),
					"Rename it there. A name begins with a lower-case letter, followed by lower-case letters, digits and hyphens.",
					null);
		}
	}

	/**
	 * A child context may find what its parent has found.
	 */
	private static void refuseSecond(ContainerDatabase database, @Nullable ContainerDatabase first) {
		if (first != null && !first.equals(database)) {
			throw new InvalidDatabaseConfigurationException(database.name(), null,
					"Database '%s' has two containers: %s and %s.".formatted(database.name(), first.origin(),
							database.origin()),
					"Keep the declaration at one of them, or give the other one the name of another database.", null);
		}
	}

	/**
	 * Where nothing is configured, as where the configuration is with the operator, any
	 * name is right.
	 */
	private static void refuseUnused(ContainerDatabase database, Set<String> configured,
			Supplier<Set<String>> injected) {
		String name = database.name();
		if (configured.isEmpty() || configured.contains(name)) {
			return;
		}
		Set<String> known = new LinkedHashSet<>(configured);
		known.addAll(injected.get());
		if (!known.contains(name)) {
			throw new InvalidDatabaseConfigurationException(name, null,
					"Database '%s', declared by %s, is none of those that the application uses. Known: %s."
						.formatted(name, database.origin(), String.join(", ", known)),
					"Use one of the known names, or set any key of the database, for example '%s'."
						.formatted(DatabaseDefinition.key(name, "required")),
					null);
		}
	}

	/**
	 * Compare what is in a container with the configuration.
	 * @return the engine to set or {@code null} if the configured one is to stay
	 */
	private @Nullable String engineToSet(ContainerDatabase database, Engine engine) {
		String key = DatabaseDefinition.key(database.name(), "engine");
		String id = this.configured.find(key);
		if (id != null && !id.isBlank()) {
			Engine configured = this.engines.findById(id.trim());
			if (configured != null && configured != engine
					&& (isOfThisLibrary(configured) || !configured.isSameProtocol(engine))) {
				throw contradiction(database, engine, key, "'%s' is '%s'".formatted(key, id.trim()));
			}
			return null;
		}
		String urlKey = DatabaseDefinition.key(database.name(), "url");
		Engine configured = EmbeddedServers.findEngine(this.configured.find(urlKey), this.engines);
		if (configured != null && !configured.isSameProtocol(engine)) {
			throw contradiction(database, engine, urlKey,
					"'%s' is a URL of %s".formatted(urlKey, configured.getDisplayName()));
		}
		return (configured != null && !isOfThisLibrary(configured)) ? configured.getId() : engine.getId();
	}

	private static InvalidDatabaseConfigurationException contradiction(ContainerDatabase database, Engine engine,
			String key, String what) {
		return new InvalidDatabaseConfigurationException(database.name(), key,
				"Database '%s': %s has %s in it, but %s.".formatted(database.name(), database.origin(),
						engine.getDisplayName(), what),
				"Declare a container of the same kind, or correct '%s'.".formatted(key), null);
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
