package io.appdbs.config.source;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.appdbs.settings.FormerKeys;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The property sources of the application, with the highest precedence first. Locates the
 * keys of databases in them.
 *
 * @param all every source
 * @param defaults the groups with the defaults of databases, with the highest precedence
 * first
 */
public record ConfiguredSources(List<ConfigurationPropertySource> all, List<ConfigurationPropertyName> defaults) {

	/**
	 * The databases.
	 */
	public static final ConfigurationPropertyName DATABASES = ConfigurationPropertyName.of("app.dbs");

	/**
	 * The defaults of all databases.
	 */
	public static final ConfigurationPropertyName DEFAULTS = ConfigurationPropertyName.of("app.dbs-defaults");

	/**
	 * The routes over databases.
	 */
	public static final ConfigurationPropertyName ROUTES = ConfigurationPropertyName.of("app.dbs-routes");

	/**
	 * The databases that are added at run time.
	 */
	public static final ConfigurationPropertyName RUNTIME = ConfigurationPropertyName.of("app.dbs-runtime");

	/**
	 * The defaults of databases that are added at run time.
	 */
	public static final ConfigurationPropertyName TEMPLATE = RUNTIME.append("template");

	/**
	 * The names of the databases to use.
	 */
	public static final ConfigurationPropertyName INCLUDE = ConfigurationPropertyName.of("app.dbs-include");

	public static ConfiguredSources of(Environment environment) {
		return new ConfiguredSources(
				StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false).toList(),
				List.of(DEFAULTS));
	}

	public static ConfigurationPropertyName database(String name) {
		return DATABASES.append(name);
	}

	/**
	 * Returns these sources without one.
	 * @param propertySource the name of the property source to leave out
	 * @return the other sources
	 */
	public ConfiguredSources without(String propertySource) {
		return new ConfiguredSources(this.all.stream()
			.filter((source) -> !(source.getUnderlyingSource() instanceof PropertySource<?> underlying
					&& underlying.getName().equals(propertySource)))
			.toList(), this.defaults);
	}

	/**
	 * Returns the names of the databases as they are written. They are not validated.
	 * @return the names
	 */
	public Set<String> names() {
		return declaring().flatMap(IterableConfigurationPropertySource::stream)
			.filter(DATABASES::isAncestorOf)
			.map((key) -> key.getElement(DATABASES.getNumberOfElements(), Form.ORIGINAL))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/**
	 * Returns the sources whose keys can declare a database: all that can be listed,
	 * except environment variables, whose names do not have hyphens and upper case.
	 * @return the sources
	 */
	public Stream<IterableConfigurationPropertySource> declaring() {
		return iterable().filter((source) -> !isSystemEnvironment(source));
	}

	public Stream<IterableConfigurationPropertySource> systemEnvironments() {
		return iterable().filter(ConfiguredSources::isSystemEnvironment);
	}

	/**
	 * Returns the keys of a group as written, with the highest precedence first.
	 * @param group the full key of the group, for example {@code app.dbs.orders.flyway}
	 * @return the full keys
	 */
	public Stream<ConfigurationPropertyName> keysBelow(ConfigurationPropertyName group) {
		return iterable().flatMap(IterableConfigurationPropertySource::stream).filter(group::isAncestorOf);
	}

	private Stream<IterableConfigurationPropertySource> iterable() {
		return this.all.stream()
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.map(IterableConfigurationPropertySource.class::cast);
	}

	private static boolean isSystemEnvironment(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
	}

	/**
	 * Returns the place where a key is set.
	 * @param database the name of the database
	 * @param key the key below the database, for example {@code pool.max-size}
	 * @return the place or {@code null} if neither the database nor the defaults have it
	 */
	public @Nullable Place locate(String database, String key) {
		return locate(database, ConfigurationPropertyName.of(key));
	}

	public @Nullable Place locate(String database, ConfigurationPropertyName key) {
		Place own = locate(database, key, true);
		return (own != null) ? own : locate(database, key, false);
	}

	/**
	 * Returns the place where a key is set.
	 * @param database the name of the database
	 * @param key the key below the database
	 * @param own whether to search the keys of the database instead of the defaults
	 * @return the place or {@code null} if there is none
	 */
	public @Nullable Place locate(String database, ConfigurationPropertyName key, boolean own) {
		String other = FormerKeys.all().getOrDefault(key.toString(), HikariKeys.sameAs(key.toString()));
		for (ConfigurationPropertyName prefix : groups(database, own)) {
			Place place = locate(prefix.append(key), own);
			if (place == null && other != null) {
				place = locate(prefix.append(other), own);
			}
			if (place != null) {
				return place;
			}
		}
		return null;
	}

	/**
	 * Returns the groups with the values of a database.
	 * @param database the name of the database
	 * @return the database's own group, and the groups with the defaults
	 */
	public List<ConfigurationPropertyName> groups(String database) {
		return Stream.concat(Stream.of(database(database)), this.defaults.stream()).toList();
	}

	/**
	 * Returns the groups with the values of a database, or with the defaults.
	 * @param database the name of the database
	 * @param own whether to return the group of the database instead of the defaults
	 * @return the groups, with the highest precedence first
	 */
	public List<ConfigurationPropertyName> groups(String database, boolean own) {
		return own ? List.of(database(database)) : this.defaults;
	}

	public @Nullable Place locate(ConfigurationPropertyName name, boolean own) {
		for (ConfigurationPropertySource source : this.all) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return new Place(name.toString(), own, property.getValue(), property.getOrigin());
			}
		}
		return null;
	}

	/**
	 * Returns whether a key has a value, or is a list with values.
	 * @param key the full key
	 * @return whether it is set
	 */
	public boolean isSet(ConfigurationPropertyName key) {
		return locate(key, true) != null || isGroup(key);
	}

	/**
	 * Returns whether there are keys below a key.
	 * @param key the key
	 * @return whether a source has keys below it
	 */
	public boolean isGroup(ConfigurationPropertyName key) {
		return this.all.stream()
			.anyMatch((source) -> source.containsDescendantOf(key) == ConfigurationPropertyState.PRESENT);
	}

	/**
	 * Appends the elements of a name from an index on, in their original form: names of a
	 * driver's properties have capital letters. Spring Boot's method for appending
	 * rejects these, and its method for sub-names fails for appended names with more than
	 * six elements.
	 * @param prefix the first elements
	 * @param name the name whose elements are appended
	 * @param start the index of the first element that is appended
	 * @return the key
	 */
	public static ConfigurationPropertyName append(ConfigurationPropertyName prefix, ConfigurationPropertyName name,
			int start) {
		StringBuilder appended = new StringBuilder(prefix.toString());
		for (int i = start; i < name.getNumberOfElements(); i++) {
			String element = name.getElement(i, Form.ORIGINAL);
			if (name.chop(i + 1).isLastElementIndexed()) {
				appended.append('[').append(element).append(']');
			}
			else {
				appended.append(appended.isEmpty() ? "" : ".").append(element);
			}
		}
		return ConfigurationPropertyName.adapt(appended, '.');
	}

	/**
	 * Returns the entry of a map that refers to a placeholder.
	 * @param database the name of the database
	 * @param map the key of the map below the database
	 * @param placeholder the placeholder without its braces
	 * @return the place or {@code null} if there is none
	 */
	public @Nullable Place locateReference(String database, ConfigurationPropertyName map, String placeholder) {
		for (ConfigurationPropertyName group : groups(database)) {
			boolean own = group.equals(database(database));
			Place place = keysBelow(group.append(map)).map((name) -> locate(name, own))
				.filter((it) -> it != null && it.value().toString().contains("${" + placeholder))
				.findFirst()
				.orElse(null);
			if (place != null) {
				return place;
			}
		}
		return null;
	}

	/**
	 * Place where a value is written.
	 *
	 * @param key the full key
	 * @param own whether it is the database's own value and not one of the defaults
	 * @param value the value before placeholders are resolved, possibly a secret
	 * @param origin the origin or {@code null} if it is not known
	 */
	public record Place(String key, boolean own, Object value, @Nullable Origin origin) {

		@Override
		public String toString() {
			return this.key;
		}

	}

}
