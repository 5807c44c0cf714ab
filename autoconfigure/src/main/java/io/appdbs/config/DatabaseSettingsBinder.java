package io.appdbs.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.UrlResolution.Resolved;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Binds all databases and examines them before anything of them is started.
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

	private DatabaseSettingsBinder(Environment environment, @Nullable ClassLoader classLoader) {
		this.environment = environment;
		this.sources = ConfiguredSources.of(environment);
		this.classLoader = classLoader;
		this.hikari = HikariKeys.load(classLoader);
		this.flyway = FlywayKeys.load(classLoader);
		this.engines = Engines.load(classLoader);
		this.urls = new UrlResolution(this.engines, classLoader);
		this.parameters = new DriverParameterValidator(classLoader);
	}

	/**
	 * Bind and examine every database. Values are read now, not earlier.
	 * @param environment the environment
	 * @param names the names, as of {@link DatabaseNames#get(Environment)}
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return the databases by name, in the order of the names
	 * @throws InvalidDatabaseConfigurationException if anything is wrong; it tells all
	 * that was found
	 */
	public static Map<String, BoundDatabase> bind(Environment environment, List<String> names,
			@Nullable ClassLoader classLoader) {
		return new DatabaseSettingsBinder(environment, classLoader).bind(names);
	}

	private Map<String, BoundDatabase> bind(List<String> names) {
		new MisspelledGroups(this.environment, names, this.problems).validate();
		Set<String> known = new HashSet<>(names);
		known.addAll(DatabaseNames.getWanted(this.environment, DatabaseNames.getAll(this.environment)));
		// a misspelt key of a disabled database, too, would be noticed too late
		new KeyValidator(this.sources, this.hikari, this.flyway, this.problems).validate(known);
		Map<String, BoundDatabase> databases = new LinkedHashMap<>();
		Map<DatabaseKind, List<String>> primaries = new EnumMap<>(DatabaseKind.class);
		for (String name : names) {
			DatabaseKind kind = DeclaredDatabase.read(this.environment, this.sources, name, this.engines).kind();
			DatabaseSettings settings = new SettingsBinding(this.environment, this.sources, name, this.problems)
				.bind(kind == DatabaseKind.RELATIONAL);
			if (settings.primary()) {
				primaries.computeIfAbsent(kind, (key) -> new ArrayList<>()).add(name);
			}
			// A second problem that follows from the first one is no help.
			BoundDatabase database = this.problems.concern(name) ? null : examine(name, settings, names);
			if (database != null) {
				databases.put(name, database);
			}
		}
		primaries.forEach(this::validatePrimaries);
		this.parameters.validateDefaults();
		this.problems.throwIfAny();
		return databases;
	}

	private @Nullable BoundDatabase examine(String name, DatabaseSettings settings, List<String> names) {
		SettingProblems problems = new SettingProblems(this.sources, name, this.problems);
		Resolved resolved = this.urls.resolve(settings, problems);
		if (resolved == null) {
			return null;
		}
		Map<String, String> properties = settings.hikari();
		HikariValidator validator = new HikariValidator(this.environment, this.sources, this.problems, name);
		if (resolved.engine().getKind() != DatabaseKind.RELATIONAL) {
			validator.refuse(resolved.engine());
		}
		else if (this.hikari != null) {
			properties = this.hikari.normalize(properties);
			validator.validate(properties, this.hikari);
		}
		new DatabaseValidator(problems, this.classLoader).validate(settings, resolved.engine(), resolved.target());
		validateParameters(problems, String.valueOf(settings.url()), resolved, properties);
		Map<String, String> options = new FlywayValidator(problems, this.sources, name, this.flyway, this.parameters,
				this.classLoader)
			.validate(settings.flyway(), resolved.engine());
		BoundDatabase database = new BoundDatabase(name,
				complete(settings.withOptions(properties, options), resolved.target()), resolved.engine(),
				resolved.target(), List.of(), problems.keys());
		return new ReplicaValidator(problems, this.urls, database, this.parameters).validate(names, this.classLoader);
	}

	private void validateParameters(SettingProblems problems, String url, Resolved resolved,
			Map<String, String> hikari) {
		Map<String, String> properties = HikariKeys.driverProperties(hikari);
		if (resolved.target() != null) {
			this.parameters.validateUrl(problems, "url", url, resolved.engine(), resolved.target(), properties);
		}
		this.parameters.validateProperties(problems, "hikari." + HikariKeys.DRIVER_PROPERTIES, resolved.engine(),
				resolved.target(), properties);
	}

	/**
	 * Return the settings with the login to connect with, wherever it is written.
	 */
	static DatabaseSettings complete(DatabaseSettings settings, @Nullable DatabaseConnectionDetails target) {
		String username = (target != null && target.username() != null) ? target.username() : settings.username();
		String password = (target != null && target.password() != null) ? target.password() : settings.password();
		return settings.withCredentials(username, password);
	}

	private void validatePrimaries(DatabaseKind kind, List<String> primaries) {
		if (primaries.size() > 1) {
			String keys = String.join(", ",
					primaries.stream().map((name) -> "'" + DatabaseDefinition.key(name, "primary") + "'").toList());
			this.problems.add(null, null, null,
					"Several %s databases are primary: %s. At most one of a kind can be.".formatted(
							(kind == DatabaseKind.MONGODB) ? "MongoDB" : "relational", String.join(", ", primaries)),
					"Keep one of %s and remove the others.".formatted(keys));
		}
	}

}
