package io.appdbs.jdbc.pool;

import java.time.Duration;
import java.util.function.LongConsumer;

import com.zaxxer.hikari.HikariConfig;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Translates the settings of a database into HikariCP's. What {@code hikari.*} says is
 * applied last, as it is the more specific wish; contradictions were refused before.
 */
final class HikariConfigFactory {

	/** HikariCP takes no shorter one. */
	private static final Duration SHORTEST_VALIDATION = Duration.ofMillis(250);

	private HikariConfigFactory() {
	}

	static HikariConfig create(DatabaseDefinition definition, DatabaseConnectionDetails target,
			DriverDataSource connections) {
		DatabaseSettings settings = definition.settings();
		HikariConfig config = new HikariConfig();
		config.setPoolName(definition.name());
		config.setDataSource(connections);
		// says what the pool is of, and tells HikariCP the kind of driver
		config.setJdbcUrl(target.displayUrl());
		config.setReadOnly(settings.readOnly());
		applyPool(config, settings.pool());
		// who opens the pool proves it, and waits no longer than it takes
		config.setInitializationFailTimeout(-1);
		bind(settings, config);
		if (config.getConnectionInitSql() != null && !config.isAutoCommit()) {
			// otherwise its effect is rolled back with the first transaction
			config.setIsolateInternalQueries(true);
		}
		if (!settings.hikari().containsKey("validation-timeout")) {
			// leaves time for another one, and to open one
			config.setValidationTimeout(Math.max(SHORTEST_VALIDATION.toMillis(),
					Math.min(config.getValidationTimeout(), config.getConnectionTimeout() / 3)));
		}
		// the connections have them already, and HikariCP would log them
		config.getDataSourceProperties().clear();
		return config;
	}

	private static void bind(DatabaseSettings settings, HikariConfig config) {
		new Binder(new MapConfigurationPropertySource(settings.hikari())).bind("", Bindable.ofInstance(config));
	}

	/**
	 * Return what the pool of a database does with the session of each connection.
	 */
	static InitialSession createInitialSession(DatabaseDefinition definition) {
		HikariConfig config = new HikariConfig();
		bind(definition.settings(), config);
		return InitialSession.of(config);
	}

	private static void applyPool(HikariConfig config, PoolSettings pool) {
		if (pool.maxSize() != null) {
			config.setMaximumPoolSize(pool.maxSize());
		}
		if (pool.minSize() != null) {
			config.setMinimumIdle(pool.minSize());
		}
		millis(pool.acquireTimeout(), config::setConnectionTimeout);
		millis(pool.maxLifetime(), config::setMaxLifetime);
		millis(pool.maxIdleTime(), config::setIdleTimeout);
		millis(pool.keepalive(), config::setKeepaliveTime);
		millis(pool.leakThreshold(), config::setLeakDetectionThreshold);
	}

	private static void millis(@Nullable Duration duration, LongConsumer consumer) {
		if (duration != null) {
			consumer.accept(duration.toMillis());
		}
	}

}
