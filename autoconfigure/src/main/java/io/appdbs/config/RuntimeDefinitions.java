package io.appdbs.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.config.DatabaseSettingsBinder.Libraries;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Binds and validates the settings of databases that are added while the application
 * runs, as those of other databases are. Their keys are those of {@code app.dbs.<name>},
 * but environment variables and other sources do not override them.
 */
public final class RuntimeDefinitions {

	/** As long as an identifier of PostgreSQL, and a label of a host name. */
	private static final int LONGEST_NAME = 63;

	/** Values that the template has unless it sets them. */
	private static final Map<String, Object> TEMPLATE = Map.of("required", false, "pool.min-size", 0, "health.interval",
			"30s");

	private final Environment environment;

	/** Read when the first database is added. */
	private final Supplier<Libraries> libraries;

	/** Without the databases that are configured. */
	private final List<ConfigurationPropertySource> defaults;

	/**
	 * Creates new {@link RuntimeDefinitions}.
	 * @param environment the environment
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 */
	public RuntimeDefinitions(Environment environment, @Nullable ClassLoader classLoader) {
		this.environment = environment;
		this.libraries = SingletonSupplier.of(() -> Libraries.load(classLoader));
		Map<String, Object> template = new LinkedHashMap<>();
		TEMPLATE.forEach((key, value) -> template.put(ConfiguredSources.TEMPLATE.append(key).toString(), value));
		this.defaults = Stream
			.concat(ConfiguredSources.of(environment)
				.all()
				.stream()
				.filter(RuntimeDefinitions::hasDefaults)
				.map((source) -> source.filter((name) -> !ConfiguredSources.DATABASES.isAncestorOf(name)
						&& !RuntimeKeys.isIgnoredDefault(name))),
					Stream.of(new MapConfigurationPropertySource(template)))
			.toList();
	}

	private static boolean hasDefaults(ConfigurationPropertySource source) {
		return Stream.of(ConfiguredSources.TEMPLATE, ConfiguredSources.DEFAULTS)
			.anyMatch((group) -> source.containsDescendantOf(group) != ConfigurationPropertyState.ABSENT);
	}

	/**
	 * Validates the template, if there is one: a default that no database uses need not
	 * be valid.
	 * @throws InvalidDatabaseConfigurationException if it has keys without effect or
	 * values that cannot be read
	 */
	public void validateTemplate() {
		if (ConfiguredSources.of(this.environment).keysBelow(ConfiguredSources.TEMPLATE).findAny().isEmpty()) {
			return;
		}
		ConfigurationProblems problems = new ConfigurationProblems();
		ConfiguredSources sources = sources(List.of());
		RuntimeKeys keys = new RuntimeKeys(sources, problems);
		keys.validateTemplate();
		keys.validateTemplate(new SettingsBinding(this.environment, sources, "template", problems).bind(true));
		problems.throwIfAny();
	}

	private ConfiguredSources sources(List<ConfigurationPropertySource> own) {
		List<ConfigurationPropertySource> all = new ArrayList<>(own);
		all.addAll(this.defaults);
		return new ConfiguredSources(List.copyOf(all), List.of(ConfiguredSources.TEMPLATE, ConfiguredSources.DEFAULTS));
	}

	/**
	 * Defines a database.
	 * @param name the name
	 * @param settings its settings
	 * @return the definition
	 * @throws InvalidDatabaseConfigurationException if the name or a setting is invalid;
	 * it names the keys as they are in the settings or in the template
	 */
	public DatabaseDefinition define(String name, RuntimeDatabaseSettings settings) {
		validateName(name);
		rejectRoute(name);
		ShortKeys keys = new ShortKeys(name);
		ConfiguredSources sources = sources(List.of(own(name, settings)));
		try {
			validateKeys(name, sources);
			DatabaseDefinition definition = DatabaseSettingsBinder.bind(this.environment, sources, name,
					this.libraries.get());
			rejectEmbedded(definition);
			rejectMinSize(definition);
			DatabaseConnectionDetails details = definition.connectionDetails().get();
			return new DatabaseDefinition(name, definition.settings(), definition.engine(), () -> details, null,
					(setting) -> keys.shorten(definition.key(setting)));
		}
		catch (InvalidDatabaseConfigurationException ex) {
			throw keys.shorten(ex);
		}
	}

	private static void validateName(String name) {
		if (!DatabaseNames.isAvailable(name, Set.of()) || name.length() > LONGEST_NAME) {
			throw new InvalidDatabaseConfigurationException(name, null,
					"Database '%s': the name is not allowed.".formatted(name),
					"%s It has at most %d characters, and is not 'defaults'.".formatted(DatabaseNames.RULE,
							LONGEST_NAME),
					null);
		}
	}

	private void rejectRoute(String name) {
		if (RouteSettingsBinder.getNames(this.environment).contains(name)) {
			throw new InvalidDatabaseConfigurationException(name, null,
					"Database '%s': a route has this name.".formatted(name),
					"Add the database with another name, or rename 'app.dbs-routes.%s'.".formatted(name), null);
		}
	}

	/**
	 * The values may come from elsewhere, so a placeholder in them is not one.
	 */
	private static ConfigurationPropertySource own(String name, RuntimeDatabaseSettings settings) {
		Map<String, Object> values = new LinkedHashMap<>();
		settings.toMap()
			.forEach((key, value) -> values.put(DatabaseDefinition.key(name, key),
					(value instanceof CharSequence text) ? text.toString().replace("${", "\\${") : value));
		return new MapConfigurationPropertySource(values);
	}

	private void validateKeys(String name, ConfiguredSources sources) {
		ConfigurationProblems problems = new ConfigurationProblems();
		ConfiguredSources own = new ConfiguredSources(sources.all().subList(0, 1), List.of());
		new KeyValidator(own, this.libraries.get().hikari(), this.libraries.get().flyway(), problems)
			.validate(Set.of(name));
		new RuntimeKeys(own, problems).validate(name);
		problems.throwIfAny();
	}

	private static void rejectEmbedded(DatabaseDefinition definition) {
		if (EmbeddedServers.isEmbedded(String.valueOf(definition.settings().url()))) {
			String key = definition.key("url");
			throw new InvalidDatabaseConfigurationException(definition.name(), key,
					"Database '%s': '%s' is that of an embedded server, which cannot be added at run time."
						.formatted(definition.name(), key),
					"Configure a database on the embedded server below 'app.dbs', or use the URL of a server.", null);
		}
	}

	private static void rejectMinSize(DatabaseDefinition definition) {
		Integer minSize = definition.settings().pool().minSize();
		if (minSize != null && minSize > 0) {
			String key = definition.key("pool.min-size");
			throw new InvalidDatabaseConfigurationException(definition.name(), key,
					"Database '%s': %s".formatted(definition.name(), RuntimeKeys.describeMinSize(key, minSize)),
					RuntimeKeys.MIN_SIZE_ACTION, null);
		}
	}

	/**
	 * Names the keys of a database as they were passed, without the group.
	 *
	 * @param database the name of the database
	 */
	private record ShortKeys(String database) {

		private static final Pattern ORIGIN = Pattern
			.compile("\n\n    Origin: \"[^\"]*\" from property source \"source\"");

		/**
		 * The source of what was passed has no name that a user knows.
		 */
		String shorten(String text) {
			return ORIGIN.matcher(text.replace(DatabaseDefinition.key(this.database, ""), "")).replaceAll("");
		}

		InvalidDatabaseConfigurationException shorten(InvalidDatabaseConfigurationException ex) {
			String key = ex.getKey();
			InvalidDatabaseConfigurationException shortened = new InvalidDatabaseConfigurationException(
					ex.getDatabase(), (key != null) ? shorten(key) : null, shorten(String.valueOf(ex.getMessage())),
					shorten(ex.getAction()), ex.getCause());
			for (Throwable suppressed : ex.getSuppressed()) {
				shortened.addSuppressed((suppressed instanceof InvalidDatabaseConfigurationException problem)
						? shorten(problem) : suppressed);
			}
			return shortened;
		}

	}

}
