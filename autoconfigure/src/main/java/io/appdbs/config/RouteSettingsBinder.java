package io.appdbs.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.RouteSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Binds and validates the routes below {@code app.dbs-routes}.
 */
public final class RouteSettingsBinder {

	private static final Pattern DATABASE = Pattern.compile("[a-z0-9*][a-z0-9*-]*");

	private static final String LIBRARY = "org.springframework.jdbc.datasource.AbstractDataSource";

	private final Environment environment;

	private final @Nullable ClassLoader classLoader;

	private final ConfiguredSources sources;

	private final Engines engines;

	private final ConfigurationProblems problems = new ConfigurationProblems();

	private RouteSettingsBinder(Environment environment, @Nullable ClassLoader classLoader) {
		this.environment = environment;
		this.sources = ConfiguredSources.of(environment);
		this.classLoader = classLoader;
		this.engines = Engines.load(classLoader);
	}

	/**
	 * Returns the names of the routes, which are not validated.
	 * @param environment the environment
	 * @return the names as written
	 */
	public static Set<String> getNames(Environment environment) {
		return getNames(ConfiguredSources.of(environment));
	}

	static Set<String> getNames(ConfiguredSources sources) {
		Set<String> names = new LinkedHashSet<>();
		sources.declaring()
			.flatMap((source) -> source.stream())
			.filter(ConfiguredSources.ROUTES::isAncestorOf)
			.forEach((key) -> names.add(key.getElement(ConfiguredSources.ROUTES.getNumberOfElements(), Form.ORIGINAL)));
		return names;
	}

	/**
	 * Finds the engine of a route.
	 * @param environment the environment
	 * @param route the name of the route
	 * @param engines the engines
	 * @return the engine or {@code null} if there is no such route, or its engine is
	 * invalid
	 */
	public static @Nullable Engine findEngine(Environment environment, String route, Engines engines) {
		String engine = getNames(environment).contains(route) ? bind(environment, route).engine() : null;
		return (engine != null) ? engines.findById(engine) : null;
	}

	/**
	 * Binds the routes.
	 * @param environment the environment
	 * @param databases the names of all configured databases
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return the routes by name
	 * @throws InvalidDatabaseConfigurationException if a property is invalid; it reports
	 * all problems together
	 */
	public static Map<String, RouteSettings> bind(Environment environment, Collection<String> databases,
			@Nullable ClassLoader classLoader) {
		return new RouteSettingsBinder(environment, classLoader).bind(databases);
	}

	private static RouteSettings bind(Environment environment, String route) {
		return Binder.get(environment)
			.bindOrCreate(ConfiguredSources.ROUTES.append(route).toString(), RouteSettings.class);
	}

	private Map<String, RouteSettings> bind(Collection<String> databases) {
		Map<String, RouteSettings> routes = new LinkedHashMap<>();
		Set<String> names = getNames(this.sources);
		if (!names.isEmpty() && !ClassUtils.isPresent(LIBRARY, this.classLoader)) {
			this.problems
				.add(null, "app.dbs-routes", null,
						"'app.dbs-routes' has routes, but 'org.springframework:spring-jdbc' is not on the class path.",
						Dependency.advice(List.of("org.springframework:spring-jdbc")))
				.in(TroubleshootingSection.LIBRARY);
		}
		for (String name : names) {
			if (validateName(name, databases) && validateKeys(name)) {
				RouteSettings settings = bind(this.environment, name);
				validate(name, settings, databases);
				routes.put(name, settings);
			}
		}
		this.problems.throwIfAny();
		return routes;
	}

	private boolean validateName(String name, Collection<String> databases) {
		if (!DatabaseNames.isValid(name)) {
			add(name, "", "the name is not allowed.", "Rename 'app.dbs-routes.%s' to 'app.dbs-routes.%s'. %s"
				.formatted(name, DatabaseNames.suggest(name), DatabaseNames.RULE));
			return false;
		}
		String uniform = NearestName.uniform(name);
		if (databases.stream().map(NearestName::uniform).anyMatch(uniform::equals)) {
			add(name, "", "a database has this name, and their beans would have the same qualifier.",
					"Rename 'app.dbs-routes.%s', for example to '%s-route'.".formatted(name, name));
			return false;
		}
		return true;
	}

	private boolean validateKeys(String name) {
		KnownKeys known = KnownKeys.of(RouteSettings.class);
		int index = ConfiguredSources.ROUTES.getNumberOfElements() + 1;
		List<String> unknown = this.sources.declaring()
			.flatMap((source) -> source.stream())
			.filter(ConfiguredSources.ROUTES.append(name)::isAncestorOf)
			.map((key) -> key.getElement(index, Form.ORIGINAL))
			.filter((element) -> known.find(element) == null)
			.distinct()
			.toList();
		unknown.forEach((element) -> add(name, element, "'%s' is not a key of a route.".formatted(element),
				known.suggest(element)));
		return unknown.isEmpty();
	}

	private void validate(String name, RouteSettings settings, Collection<String> databases) {
		Engine engine = (settings.engine() != null) ? this.engines.findById(settings.engine()) : null;
		if (engine == null || engine.getKind() != DatabaseKind.RELATIONAL) {
			add(name, "engine",
					(settings.engine() != null) ? "'%s' is '%s', which is not a relational engine.".formatted(
							key(name, "engine"), settings.engine()) : "'%s' is not set.".formatted(key(name, "engine")),
					"Set it to the engine of the databases of the route: %s."
						.formatted(String.join(", ", getRelational())));
		}
		if (settings.databases().isEmpty()) {
			add(name, "databases",
					"'%s' is not set, so no database could be selected.".formatted(key(name, "databases")),
					"Set it to the names of the databases that may be selected, for example 'tenant-*'.");
		}
		settings.databases().forEach((database) -> validate(name, database, engine, databases));
	}

	private void validate(String name, String database, @Nullable Engine engine, Collection<String> databases) {
		if (!DATABASE.matcher(database).matches()) {
			add(name, "databases", "'%s' has '%s', which cannot be the name of a database."
				.formatted(key(name, "databases"), database),
					"%s '*' stands for any characters.".formatted(DatabaseNames.RULE));
		}
		else if (engine != null && databases.contains(database)) {
			Engine actual = DeclaredDatabase.findEngine(this.environment, this.sources, database, this.engines);
			if (actual != null && actual.getKind() != DatabaseKind.RELATIONAL) {
				add(name, "databases",
						"'%s' has '%s', which is a %s database.".formatted(key(name, "databases"), database,
								actual.getDisplayName()),
						"Remove it: a route is for relational databases of one engine.");
			}
		}
	}

	private List<String> getRelational() {
		return this.engines.getAll()
			.stream()
			.filter((engine) -> engine.getKind() == DatabaseKind.RELATIONAL)
			.map(Engine::getId)
			.toList();
	}

	private static String key(String route, String key) {
		return "app.dbs-routes." + route + (key.isEmpty() ? "" : "." + key);
	}

	private void add(String route, String key, String message, String action) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key(route, key), '.');
		Place place = this.sources.locate(name, true);
		this.problems.add(null, key(route, key), (place != null) ? place.origin() : null,
				"Route '%s': %s".formatted(route, message), action);
	}

}
