package io.appdbs.config;

import java.util.List;

import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.util.StringUtils;

/**
 * Properties of a database on which the definitions of its beans depend. They are read
 * without an error if the configuration is invalid or incomplete;
 * {@link DatabaseSettingsBinder} reports that later.
 *
 * @param name the name
 * @param kind the kind, relational if neither the URL nor {@code engine} can be read
 * @param primary whether the database is primary
 * @param reactive whether the database has reactive beans
 * @param encrypted whether the database has a keyset for encrypted fields
 * @param cached whether the database has caches
 * @param route whether it is a route over databases, which has beans like a database
 */
public record DeclaredDatabase(String name, DatabaseKind kind, boolean primary, boolean reactive, boolean encrypted,
		boolean cached, boolean route) {

	/**
	 * Reads all databases that the application uses.
	 * @param environment the environment
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return the databases, in the order of their configuration
	 */
	public static List<DeclaredDatabase> readAll(Environment environment, @Nullable ClassLoader classLoader) {
		return read(environment, DatabaseNames.get(environment), classLoader);
	}

	/**
	 * Reads the databases with the given names.
	 * @param environment the environment
	 * @param names the names of the databases
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return the databases, in the order of the names
	 */
	public static List<DeclaredDatabase> read(Environment environment, List<String> names,
			@Nullable ClassLoader classLoader) {
		Engines engines = Engines.load(classLoader);
		ConfiguredSources sources = ConfiguredSources.of(environment);
		return names.stream().map((name) -> read(environment, sources, name, engines)).toList();
	}

	/**
	 * Returns what the beans of a route need to know: they are like those of a relational
	 * database.
	 * @param name the name of the route
	 * @return the route
	 */
	public static DeclaredDatabase ofRoute(String name) {
		return new DeclaredDatabase(name, DatabaseKind.RELATIONAL, false, false, false, false, true);
	}

	/**
	 * Returns the full key of a setting.
	 * @param setting the key below the database or route
	 * @return the full key, for example {@code app.dbs.orders.packages}
	 */
	public String key(String setting) {
		return this.route ? ConfiguredSources.ROUTES.append(this.name).append(setting).toString()
				: DatabaseDefinition.key(this.name, setting);
	}

	/**
	 * Returns the text before messages about a route, which are about no database.
	 * @return the text, empty for a database
	 */
	public String prefix() {
		return this.route ? "Route '%s': ".formatted(this.name) : "";
	}

	public boolean isRelational() {
		return this.kind == DatabaseKind.RELATIONAL;
	}

	/**
	 * Returns the name of a bean of this database.
	 * @param suffix the suffix for the kind of bean, for example {@code JdbcClient}
	 * @return the name, for example {@code orderArchiveJdbcClient}
	 */
	public String beanName(String suffix) {
		StringBuilder prefix = new StringBuilder();
		for (String part : this.name.split("-")) {
			prefix.append(prefix.isEmpty() ? part : StringUtils.capitalize(part));
		}
		return prefix + suffix;
	}

	static DeclaredDatabase read(Environment environment, ConfiguredSources sources, String name, Engines engines) {
		Engine engine = findEngine(environment, sources, name, engines);
		DatabaseKind kind = (engine != null) ? engine.getKind() : DatabaseKind.RELATIONAL;
		return new DeclaredDatabase(name, kind, isTrue(environment, sources, name, "primary"),
				kind == DatabaseKind.MONGODB && isTrue(environment, sources, name, "mongo.reactive"),
				StringUtils.hasText(value(environment, sources, name, "encryption.keyset")),
				StringUtils.hasText(value(environment, sources, name, "cache.spec")), false);
	}

	private static boolean isTrue(Environment environment, ConfiguredSources sources, String name, String key) {
		Place place = sources.locate(name, key);
		return place != null && Boolean.TRUE.equals(toBoolean(environment, place));
	}

	/**
	 * Converts a value as the binder does.
	 * @return the value or {@code null} if it cannot be converted
	 */
	static @Nullable Boolean toBoolean(Environment environment, Place place) {
		try {
			return ApplicationConversionService.getSharedInstance()
				.convert(resolve(environment, place.value().toString()), Boolean.class);
		}
		catch (ConversionException ex) {
			// reported when the database is bound
			return null;
		}
	}

	private static @Nullable String value(Environment environment, ConfiguredSources sources, String name, String key) {
		Place place = sources.locate(name, key);
		return (place != null) ? resolve(environment, place.value().toString()) : null;
	}

	/**
	 * Resolves placeholders as far as possible.
	 */
	private static @Nullable String resolve(Environment environment, String value) {
		try {
			return environment.resolvePlaceholders(value);
		}
		catch (PlaceholderResolutionException ex) {
			// circular placeholder, reported when the database is bound
			return null;
		}
	}

	public static @Nullable Engine findEngine(Environment environment, ConfiguredSources sources, String name,
			Engines engines) {
		String declared = value(environment, sources, name, "engine");
		Engine engine = (declared != null) ? engines.findById(declared.trim()) : null;
		return (engine != null) ? engine
				: EmbeddedServers.findEngine(value(environment, sources, name, "url"), engines);
	}

}
