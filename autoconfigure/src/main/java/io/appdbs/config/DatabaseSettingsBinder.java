package io.appdbs.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.UrlResolution.Resolved;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.HikariKeys;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.config.validator.DatabaseValidator;
import io.appdbs.config.validator.LoginValidator;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Binds and validates the settings of all databases, before any database is opened.
 */
public final class DatabaseSettingsBinder {

	private final Environment environment;

	private final ConfiguredSources sources;

	private final @Nullable ClassLoader classLoader;

	private final @Nullable HikariKeys hikari;

	private final @Nullable FlywayKeys flyway;

	private final Engines engines;

	private final UrlResolution urls;

	private final ConfigurationProblems problems = new ConfigurationProblems();

	private final DriverParameterValidator parameters;

	private DatabaseSettingsBinder(Environment environment, ConfiguredSources sources, Libraries libraries) {
		this.environment = environment;
		this.sources = sources;
		this.classLoader = libraries.classLoader();
		this.hikari = libraries.hikari();
		this.flyway = libraries.flyway();
		this.engines = libraries.engines();
		this.urls = new UrlResolution(this.engines, libraries.embeddedServers());
		this.parameters = new DriverParameterValidator(this.classLoader);
	}

	/**
	 * Binds and validates every database and its replicas. Values are read now, not
	 * earlier. The connection details of an embedded server have no host: the server is
	 * not started here.
	 * @param environment the environment
	 * @param names the names, as of {@link DatabaseNames#get(Environment)}
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return the definitions by name, in the order of the names, each followed by those
	 * of its replicas
	 * @throws InvalidDatabaseConfigurationException if a property is invalid; it reports
	 * all problems together
	 */
	public static Map<String, DatabaseDefinition> bind(Environment environment, List<String> names,
			@Nullable ClassLoader classLoader) {
		return new DatabaseSettingsBinder(environment, ConfiguredSources.of(environment), Libraries.load(classLoader))
			.bind(names);
	}

	/**
	 * Binds and validates one database, whose keys are known.
	 * @param environment the environment
	 * @param sources the sources of the configuration
	 * @param name the name of the database
	 * @param libraries the libraries of the application
	 * @return the definition
	 * @throws InvalidDatabaseConfigurationException if a property is invalid
	 */
	static DatabaseDefinition bind(Environment environment, ConfiguredSources sources, String name,
			Libraries libraries) {
		DatabaseSettingsBinder binder = new DatabaseSettingsBinder(environment, sources, libraries);
		List<DatabaseDefinition> definitions = binder.bind(name, List.of(name), new EnumMap<>(DatabaseKind.class));
		binder.problems.throwIfAny();
		return definitions.get(0);
	}

	private Map<String, DatabaseDefinition> bind(List<String> names) {
		new MisspelledGroups(this.environment, this.sources, names, this.problems).validate();
		Set<String> known = new HashSet<>(names);
		known.addAll(DatabaseNames.getIncluded(this.environment, DatabaseNames.getAll(this.environment)));
		// a misspelt key of a disabled database would otherwise be noticed too late
		new KeyValidator(this.sources, this.hikari, this.flyway, this.problems).validate(known);
		new DeprecatedKeys(this.sources, this.problems).validate(known);
		Map<String, DatabaseDefinition> definitions = new LinkedHashMap<>();
		Map<DatabaseKind, List<String>> primaries = new EnumMap<>(DatabaseKind.class);
		for (String name : names) {
			bind(name, names, primaries).forEach((definition) -> definitions.put(definition.name(), definition));
		}
		primaries.forEach(this::validatePrimaries);
		this.parameters.validateDefaults();
		this.problems.throwIfAny();
		return definitions;
	}

	private List<DatabaseDefinition> bind(String name, List<String> names, Map<DatabaseKind, List<String>> primaries) {
		DatabaseKind kind = DeclaredDatabase.read(this.environment, this.sources, name, this.engines).kind();
		DatabaseSettings settings = new SettingsBinding(this.environment, this.sources, name, this.problems)
			.bind(kind == DatabaseKind.RELATIONAL);
		if (settings.primary()) {
			primaries.computeIfAbsent(kind, (key) -> new ArrayList<>()).add(name);
		}
		// A problem that results from another one does not help.
		return this.problems.concern(name) ? List.of() : define(name, settings, names);
	}

	private List<DatabaseDefinition> define(String name, DatabaseSettings settings, List<String> names) {
		SettingProblems problems = new SettingProblems(this.sources, name, this.problems);
		Resolved resolved = this.urls.resolve(settings, problems);
		if (resolved == null) {
			return List.of();
		}
		Map<String, String> properties = settings.hikari();
		HikariValidator validator = new HikariValidator(this.environment, problems);
		if (resolved.engine().getKind() != DatabaseKind.RELATIONAL) {
			validator.reject(resolved.engine());
		}
		else if (this.hikari != null) {
			properties = this.hikari.normalize(properties);
			validator.validate(properties, this.hikari);
		}
		new LoginValidator(problems).validate();
		new DatabaseValidator(problems, this.classLoader).validate(settings, resolved.engine(), resolved.details());
		new JpaValidator(problems, this.classLoader).validate(settings.jpa(), resolved.engine());
		validateParameters(problems, String.valueOf(settings.url()), resolved, properties);
		Map<String, String> options = new FlywayValidator(problems, this.sources, name, this.flyway, this.parameters,
				this.classLoader)
			.validate(settings.flyway(), resolved.engine());
		new InitializationValidator(problems, resolved.engine(), this.parameters, this.classLoader).validate(settings);
		DatabaseConnectionDetails details = (resolved.details() != null) ? resolved.details()
				: new DatabaseConnectionDetails(String.valueOf(settings.url()), List.of(), name, null, null, Map.of());
		DatabaseDefinition database = new DatabaseDefinition(name,
				complete(settings.withOptions(properties, options), details), resolved.engine(), () -> details, null,
				problems.keys()::key);
		List<DatabaseDefinition> definitions = new ArrayList<>(List.of(database));
		definitions.addAll(
				new ReplicaValidator(problems, this.urls, database, this.parameters).validate(names, this.classLoader));
		return definitions;
	}

	private void validateParameters(SettingProblems problems, String url, Resolved resolved,
			Map<String, String> hikari) {
		Map<String, String> properties = HikariKeys.driverProperties(hikari);
		if (resolved.details() != null) {
			this.parameters.validateUrl(problems, "url", url, resolved.engine(), resolved.details(), properties);
		}
		this.parameters.validateProperties(problems, "hikari." + HikariKeys.DRIVER_PROPERTIES, resolved.engine(),
				resolved.details(), properties);
	}

	/**
	 * Returns the settings with the login to connect with, whether the URL or separate
	 * keys have it.
	 */
	static DatabaseSettings complete(DatabaseSettings settings, DatabaseConnectionDetails details) {
		String username = (details.username() != null) ? details.username() : settings.username();
		String password = (details.password() != null) ? details.password() : settings.password();
		return settings.withCredentials(username, password);
	}

	private void validatePrimaries(DatabaseKind kind, List<String> primaries) {
		if (primaries.size() > 1) {
			String keys = String.join(", ",
					primaries.stream().map((name) -> "'" + DatabaseDefinition.key(name, "primary") + "'").toList());
			this.problems
				.add(null, null, null, "Only one %s database can be primary, but several are: %s."
					.formatted((kind == DatabaseKind.MONGODB) ? "MongoDB" : "relational", String.join(", ", primaries)),
						"Keep one of %s and remove the others.".formatted(keys))
				.in(TroubleshootingSection.NAME);
		}
	}

	/**
	 * What the class path of the application has.
	 *
	 * @param classLoader the class loader or {@code null} for the default one
	 * @param hikari the properties of HikariCP, or {@code null} without it
	 * @param flyway the options of Flyway, or {@code null} without it
	 * @param engines the engines
	 * @param embeddedServers validates the URLs of embedded servers
	 */
	record Libraries(@Nullable ClassLoader classLoader, @Nullable HikariKeys hikari, @Nullable FlywayKeys flyway,
			Engines engines, EmbeddedServers embeddedServers) {

		static Libraries load(@Nullable ClassLoader classLoader) {
			return new Libraries(classLoader, HikariKeys.load(classLoader), FlywayKeys.load(classLoader),
					Engines.load(classLoader), new EmbeddedServers(classLoader));
		}

	}

}
