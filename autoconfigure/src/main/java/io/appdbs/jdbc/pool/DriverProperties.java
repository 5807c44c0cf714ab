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
 * The properties of a driver in addition to the URL. The more specific properties of
 * {@code hikari.data-source-properties} override those of the connection details and
 * those that the settings translate to.
 */
public final class DriverProperties {

	private static final Bindable<Map<String, String>> PROPERTIES = Bindable.mapOf(String.class, String.class);

	/** The time that the server may need to cancel a statement and report that. */
	private static final Duration CANCEL_TIME = Duration.ofSeconds(10);

	private DriverProperties() {
	}

	/**
	 * Returns the properties of a connection by the settings, without {@code read-only}
	 * and limits that the server enforces.
	 * @param definition the database
	 * @param details where the connection goes
	 * @return the properties, including the login
	 */
	public static Properties of(DatabaseDefinition definition, DatabaseConnectionDetails details) {
		return of(definition, details, Map.of());
	}

	/**
	 * Returns the properties of a connection for the application. If the server cancels
	 * long statements, the driver need not wait longer for an answer.
	 */
	static Properties forApplication(DatabaseDefinition definition, DatabaseConnectionDetails details) {
		DatabaseSettings settings = definition.settings();
		JdbcEngine engine = definition.jdbcEngine();
		Map<String, String> properties = new LinkedHashMap<>();
		if (settings.statementTimeout() != null) {
			engine.getReadTimeoutProperties(settings.statementTimeout().plus(CANCEL_TIME)).forEach((name, value) -> {
				if (!details.properties().containsKey(name)) {
					properties.put(name, value);
				}
			});
		}
		if (!settings.timeouts().isEmpty()) {
			properties.putAll(engine.getTimeoutProperties(details, settings.timeouts()));
		}
		if (settings.readOnly()) {
			properties.putAll(engine.getReadOnlyProperties());
		}
		return of(definition, details, properties);
	}

	private static Properties of(DatabaseDefinition definition, DatabaseConnectionDetails details,
			Map<String, String> extraProperties) {
		DatabaseSettings settings = definition.settings();
		JdbcEngine engine = definition.jdbcEngine();
		Properties properties = new Properties();
		properties.putAll(engine.getDefaultProperties(details));
		Map<String, String> connectTimeout = engine
			.getConnectTimeoutProperties(settings.pool().connectTimeoutOrDefault());
		properties.putAll(connectTimeout);
		properties.putAll(details.properties());
		if (settings.pool().connectTimeout() != null) {
			properties.putAll(connectTimeout);
		}
		properties.putAll(extraProperties);
		DatabaseConnectionDetails login = definition.connectionDetails()
			.withCurrentLogin(settings.applyCredentials(details));
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
