package io.appdbs.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;

import org.springframework.core.env.Environment;

/**
 * A database that is configured and disabled.
 *
 * @param name the name
 * @param place the {@code enabled} that is false, the database's own or that of the
 * defaults
 */
public record DisabledDatabase(String name, Place place) {

	/**
	 * Finds all databases that are disabled, including those that {@code app.dbs-include}
	 * leaves out.
	 * @param environment the environment
	 * @return the databases by name, in the order of the configuration
	 */
	public static Map<String, DisabledDatabase> findAll(Environment environment) {
		return find(environment, DatabaseNames.getAll(environment));
	}

	/**
	 * Finds the databases that are disabled among those with the given names.
	 * @param environment the environment
	 * @param names the names of the databases to look at
	 * @return the databases by name, in the order of the names
	 */
	public static Map<String, DisabledDatabase> find(Environment environment, Collection<String> names) {
		ConfiguredSources sources = ConfiguredSources.of(environment);
		Map<String, DisabledDatabase> disabled = new LinkedHashMap<>();
		for (String name : names) {
			Place place = sources.locate(name, "enabled");
			if (place != null && Boolean.FALSE.equals(DeclaredDatabase.toBoolean(environment, place))) {
				disabled.put(name, new DisabledDatabase(name, place));
			}
		}
		return disabled;
	}

	/**
	 * Returns the property that disables it and its origin, as the end of a sentence.
	 */
	public String reason() {
		return "'%s' is 'false'%s.".formatted(this.place.key(),
				(this.place.origin() != null) ? " (%s)".formatted(this.place.origin()) : "");
	}

	/**
	 * Returns how to enable it, as the beginning of a sentence.
	 */
	public String advice() {
		return "Set '%s' to 'true'".formatted(ConfiguredSources.database(this.name).append("enabled"));
	}

}
