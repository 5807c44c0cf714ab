package io.appdbs.jdbc.pool;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * What the driver of a database is given beside the URL. The properties of
 * {@code hikari.data-source-properties} are the most specific wish and win over those of
 * the target and over what the settings translate to.
 */
public final class DriverProperties {

	private static final Bindable<Map<String, String>> PROPERTIES = Bindable.mapOf(String.class, String.class);

	/** What the server may need to cancel a statement and to say so. */
	private static final Duration CANCEL_TIME = Duration.ofSeconds(10);

	private DriverProperties() {
	}

	/**
	 * Return the properties of a connection as the settings say, without
	 * {@code read-only} and limits that the server is told.
	 * @param definition the definition
	 * @param target the target
	 * @return the properties of a connection as the settings say, without {@code
	 * read-only} and limits that the server is told
	 */
	public static Properties of(DatabaseDefinition definition, DatabaseConnectionDetails target) {
		return of(definition, target, Map.of());
	}

	/**
	 * Return the properties of a connection that the application works with. Where the
	 * server cancels long statements, an answer that is overdue will never come.
	 */
	static Properties forApplication(DatabaseDefinition definition, DatabaseConnectionDetails target) {
		DatabaseSettings settings = definition.settings();
		JdbcEngine engine = definition.jdbcEngine();
		Map<String, String> properties = new LinkedHashMap<>();
		if (settings.statementTimeout() != null) {
			engine.getReadTimeoutProperties(settings.statementTimeout().plus(CANCEL_TIME)).forEach((name, value) -> {
				if (!target.properties().containsKey(name)) {
					properties.put(name, value);
				}
			});
		}
		if (!settings.timeouts().isEmpty()) {
			properties.putAll(engine.getTimeoutProperties(target, settings.timeouts()));
		}
		if (settings.readOnly()) {
			properties.putAll(engine.getReadOnlyProperties());
		}
		return of(definition, target, properties);
	}

	private static Properties of(DatabaseDefinition definition, DatabaseConnectionDetails target,
			Map<String, String> extraProperties) {
		DatabaseSettings settings = definition.settings();
		JdbcEngine engine = definition.jdbcEngine();
		Properties properties = new Properties();
		properties.putAll(engine.getDefaultProperties(target));
		Map<String, String> connectTimeout = engine
			.getConnectTimeoutProperties(settings.pool().connectTimeoutOrDefault());
		properties.putAll(connectTimeout);
		properties.putAll(target.properties());
		if (settings.pool().connectTimeout() != null) {
			properties.putAll(connectTimeout);
		}
		properties.putAll(extraProperties);
		DatabaseConnectionDetails login = definition.connectionDetails()
			.withCurrentLogin(settings.applyCredentials(target));
		put(properties, "user", login.username());
		put(properties, "password", login.password());
		new Binder(new MapConfigurationPropertySource(settings.hikari())).bind("data-source-properties", PROPERTIES)
			.ifBound(properties::putAll);
		return properties;
	}

	private static void put(Properties properties, String name, @Nullable String value) {
		if (value != null) {
			properties.setProperty(name, value);
		}
	}

}
