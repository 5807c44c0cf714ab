package io.appdbs.bean;

import java.util.List;
import java.util.Objects;

import io.appdbs.config.ConfiguredSources;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * The keys of Flyway or Liquibase, which decide whether a database is migrated by it.
 *
 * @param environment the environment
 * @param sources the sources of the configuration
 * @param group the group of keys below a database, for example {@code flyway}
 * @param location the key that also migrates a database if it is one of the defaults
 */
record MigrationKeys(Environment environment, ConfiguredSources sources, String group, String location) {

	MigrationKeys(Environment environment, String group, String location) {
		this(environment, ConfiguredSources.of(environment), group, location);
	}

	boolean isEnabled(String database) {
		ConfiguredSources.Place enabled = this.sources.locate(database, this.group + ".enabled");
		return enabled == null
				|| !"false".equalsIgnoreCase(this.environment.resolvePlaceholders(enabled.value().toString()).trim());
	}

	/**
	 * Returns the value of a key of a database or of the defaults.
	 * @return the value before placeholders are resolved, or {@code null} if it is not
	 * set
	 */
	@Nullable String locate(String database, String key) {
		ConfiguredSources.Place place = this.sources.locate(database, this.group + "." + key);
		return (place != null) ? place.value().toString() : null;
	}

	/**
	 * Returns the key that migrates a database.
	 * @return the key in quotes or {@code null} if no such key is set
	 */
	@Nullable String find(String database) {
		ConfigurationPropertyName own = ConfiguredSources.database(database).append(this.group);
		ConfigurationPropertyName location = ConfiguredSources.DEFAULTS.append(this.group + "." + this.location);
		if (this.sources.isGroup(own)) {
			return "'" + own + "'";
		}
		return List.of(location, location.append("[0]"))
			.stream()
			.map((key) -> this.sources.locate(key, false))
			.filter(Objects::nonNull)
			.map((place) -> "'" + place.key() + "'")
			.findFirst()
			.orElse(null);
	}

}
