package io.appdbs.autoconfigure;

import java.util.Map;

import io.appdbs.config.source.ConfiguredSources;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Disables Boot's own Flyway and Liquibase, which would migrate the primary database:
 * Flyway with {@code db/migration}, and therefore the migrations of all databases.
 */
enum BootMigrations {

	/**
	 * Boot's own Flyway.
	 */
	FLYWAY("spring.flyway"),

	/**
	 * Boot's own Liquibase.
	 */
	LIQUIBASE("spring.liquibase");

	private final String prefix;

	BootMigrations(String prefix) {
		this.prefix = prefix;
	}

	/**
	 * Returns whether the application has configured Boot's migrations, which then
	 * migrate the default database.
	 */
	boolean isActive(ConfigurableEnvironment environment) {
		return isConfigured(environment)
				&& environment.getProperty(this.prefix + ".enabled", Boolean.class, Boolean.TRUE);
	}

	private boolean isConfigured(ConfigurableEnvironment environment) {
		return ConfiguredSources.of(environment).isGroup(ConfigurationPropertyName.of(this.prefix));
	}

	/**
	 * Disables Boot's migrations unless the application has configured them.
	 */
	void disable(ConfigurableEnvironment environment) {
		if (!isConfigured(environment)) {
			environment.getPropertySources()
				.addLast(new MapPropertySource("appdbs-" + this.prefix, Map.of(this.prefix + ".enabled", "false")));
		}
	}

}
