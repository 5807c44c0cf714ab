package io.appdbs.autoconfigure;

import java.util.Map;

import io.appdbs.config.ConfiguredSources;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Disables Boot's own Flyway, which would run {@code db/migration}, and therefore the
 * migrations of all databases, on the primary one.
 */
final class BootFlyway {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("spring.flyway");

	private BootFlyway() {
	}

	/**
	 * Returns whether the application has configured Boot's Flyway, which then migrates
	 * the default database.
	 */
	static boolean isActive(ConfigurableEnvironment environment) {
		return isConfigured(environment)
				&& environment.getProperty("spring.flyway.enabled", Boolean.class, Boolean.TRUE);
	}

	private static boolean isConfigured(ConfigurableEnvironment environment) {
		return ConfiguredSources.of(environment).isGroup(PREFIX);
	}

	/**
	 * Disables Boot's Flyway unless the application has configured it.
	 */
	static void disable(ConfigurableEnvironment environment) {
		if (!isConfigured(environment)) {
			environment.getPropertySources()
				.addLast(new MapPropertySource("appdbs", Map.of("spring.flyway.enabled", "false")));
		}
	}

}
