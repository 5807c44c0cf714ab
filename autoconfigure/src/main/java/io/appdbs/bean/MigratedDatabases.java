package io.appdbs.bean;

import java.util.List;
import java.util.stream.Stream;

import io.appdbs.config.ConfiguredSources;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.migration.MigrationFiles;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
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

	private final Environment environment;

	private final ConfiguredSources sources;

	private final boolean flywayPresent;

	private final MigrationFiles files;

	public MigratedDatabases(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.sources = ConfiguredSources.of(environment);
		this.flywayPresent = ClassUtils.isPresent(FLYWAY, beanFactory.getBeanClassLoader());
		this.files = this.flywayPresent ? MigrationFiles.find(beanFactory.getBeanClassLoader())
				: new MigrationFiles(List.of());
	}

	public boolean contains(DeclaredDatabase database) {
		return this.flywayPresent && database.isRelational() && isEnabled(database.name())
				&& (isConfigured(database.name()) || this.files.hasAnyOf(database.name())
						|| beans(JAVA_MIGRATION, database.name()).findAny().isPresent());
	}

	private boolean isEnabled(String name) {
		ConfiguredSources.Place enabled = this.sources.locate(name, "flyway.enabled");
		return enabled == null
				|| !"false".equalsIgnoreCase(this.environment.resolvePlaceholders(enabled.value().toString()).trim());
	}

	private boolean isConfigured(String name) {
		ConfigurationPropertyName own = ConfiguredSources.database(name).append("flyway");
		ConfigurationPropertyName locations = ConfiguredSources.DEFAULTS.append("flyway.locations");
		return this.sources.all()
			.stream()
			.anyMatch((source) -> source.containsDescendantOf(own) == ConfigurationPropertyState.PRESENT
					|| source.getConfigurationProperty(locations) != null
					|| source.getConfigurationProperty(locations.append("[0]")) != null);
	}

	private Stream<String> beans(String type, String name) {
		return UserBeans.getNames(this.beanFactory, type, name::equals);
	}

}
