package io.appdbs.bean;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.migration.MigrationFiles;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Determines which databases get a Flyway: those with migrations at the default location,
 * with a migration in Java, or with any key below {@code flyway}.
 */
public final class MigratedDatabases {

	private static final String FLYWAY = "org.flywaydb.core.Flyway";

	static final String JAVA_MIGRATION = "org.flywaydb.core.api.migration.JavaMigration";

	static final String CUSTOMIZER = "org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer";

	private final ConfigurableListableBeanFactory beanFactory;

	private final Keys keys;

	private final boolean flywayPresent;

	private final MigrationFiles files;

	public MigratedDatabases(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.keys = new Keys(environment, "flyway", "locations");
		this.flywayPresent = ClassUtils.isPresent(FLYWAY, beanFactory.getBeanClassLoader());
		this.files = this.flywayPresent ? MigrationFiles.find(beanFactory.getBeanClassLoader())
				: new MigrationFiles(List.of());
	}

	public boolean contains(DeclaredDatabase database) {
		return findReason(database) != null;
	}

	/**
	 * Returns why a database gets a Flyway.
	 * @return the end of a sentence or {@code null} if it gets none
	 */
	@Nullable String findReason(DeclaredDatabase database) {
		if (!this.flywayPresent || !database.isRelational() || !this.keys.isEnabled(database.name())) {
			return null;
		}
		String key = this.keys.find(database.name());
		if (key != null) {
			return key + " is set";
		}
		if (this.files.hasAnyOf(database.name())) {
			return "there are migrations in '%s/%s'".formatted(MigrationFiles.ROOT, database.name());
		}
		return beans(JAVA_MIGRATION, database.name()).findFirst()
			.map((bean) -> "the JavaMigration bean '%s' has its qualifier".formatted(bean))
			.orElse(null);
	}

	private Stream<String> beans(String type, String name) {
		return UserBeans.getNames(this.beanFactory, type, name::equals);
	}

	/**
	 * The keys of Flyway or Liquibase, which decide whether a database is migrated by it.
	 *
	 * @param environment the environment
	 * @param sources the sources of the configuration
	 * @param group the group of keys below a database, for example {@code flyway}
	 * @param location the key that also migrates a database if it is one of the defaults
	 */
	record Keys(Environment environment, ConfiguredSources sources, String group, String location) {

		Keys(Environment environment, String group, String location) {
			this(environment, ConfiguredSources.of(environment), group, location);
		}

		boolean isEnabled(String database) {
			ConfiguredSources.Place enabled = this.sources.locate(database, this.group + ".enabled");
			return enabled == null || !"false"
				.equalsIgnoreCase(this.environment.resolvePlaceholders(enabled.value().toString()).trim());
		}

		/**
		 * Returns the value of a key of a database or of the defaults.
		 * @return the value before placeholders are resolved, or {@code null} if it is
		 * not set
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

}
