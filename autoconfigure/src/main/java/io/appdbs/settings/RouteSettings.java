package io.appdbs.settings;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;

/**
 * A route: one set of beans over many databases, of which each unit of work selects one.
 *
 * @param engine Identifier of the engine of all databases of the route, such as
 * 'postgresql'. Relational engines only. Required.
 * @param databases Names of the databases that can be selected, with '*' for any
 * characters, such as 'tenant-*'. Required.
 * @param packages Packages of the entities and repositories of the route. Sub-packages
 * are included.
 */
@ConfigurationPropertiesSource
public record RouteSettings(@Nullable String engine, List<String> databases, List<String> packages) {

	public RouteSettings {
		engine = (engine != null && !engine.isBlank()) ? engine.trim() : null;
		databases = (databases != null) ? List.copyOf(databases) : List.of();
		packages = (packages != null) ? List.copyOf(packages) : List.of();
	}

	/**
	 * Returns whether a database may be selected.
	 * @param database the name of the database
	 * @return whether one of the {@code databases} matches
	 */
	public boolean includes(String database) {
		return this.databases.stream().anyMatch((pattern) -> matches(pattern, database));
	}

	private static boolean matches(String pattern, String name) {
		int star = pattern.indexOf('*');
		if (star < 0) {
			return pattern.equals(name);
		}
		if (!name.startsWith(pattern.substring(0, star))) {
			return false;
		}
		String rest = pattern.substring(star + 1);
		for (int i = star; i <= name.length(); i++) {
			if (matches(rest, name.substring(i))) {
				return true;
			}
		}
		return false;
	}

}
