package io.appdbs.jdbc.pool;

import java.time.Duration;
import java.util.function.LongConsumer;

import com.zaxxer.hikari.HikariConfig;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.ConnectionAdmission;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Translates the settings of a database to HikariCP's. The more specific properties
 * {@code hikari.*} are applied last; contradictions have been rejected before.
 */
final class HikariConfigFactory {

	/** The shortest timeout that HikariCP accepts. */
	private static final Duration SHORTEST_VALIDATION = Duration.ofMillis(250);

	/** How long a connection stays idle if there is a limit for several databases. */
	private static final Duration SHARED_IDLE_TIMEOUT = Duration.ofSeconds(60);

	private HikariConfigFactory() {
	}

	static HikariConfig create(DatabaseDefinition definition, DatabaseConnectionDetails details) {
		DatabaseSettings settings = definition.settings();
		HikariConfig config = new HikariConfig();
		config.setPoolName(definition.name());
		// identifies the pool, and the kind of driver for HikariCP
		config.setJdbcUrl(details.displayUrl());
		config.setReadOnly(settings.readOnly());
		ConnectionAdmission admission = definition.admission();
		if (admission != null) {
			share(config, admission);
		}
		applyPool(config, settings.pool());
		// PoolRecoveryCheck verifies the pool after it has been opened
		config.setInitializationFailTimeout(-1);
		bind(settings, config);
		if (config.getConnectionInitSql() != null && !config.isAutoCommit()) {
			// otherwise the first rollback resets its effect
			config.setIsolateInternalQueries(true);
		}
		if (!settings.hikari().containsKey("validation-timeout")) {
			// leaves time to validate another connection, and to open one
			config.setValidationTimeout(Math.max(SHORTEST_VALIDATION.toMillis(),
					Math.min(config.getValidationTimeout(), config.getConnectionTimeout() / 3)));
		}
		// the driver gets them from DriverProperties, and HikariCP would log them
		config.getDataSourceProperties().clear();
		return config;
	}

	/**
	 * Keeps no idle connections, and needs no threads of the pool while nobody uses it.
	 */
	private static void share(HikariConfig config, ConnectionAdmission admission) {
		config.setMinimumIdle(0);
		config.setIdleTimeout(SHARED_IDLE_TIMEOUT.toMillis());
		// would wait for servers in the shared threads; connections do not stay idle long
		config.setKeepaliveTime(0);
		config.setScheduledExecutor(admission.getScheduler());
		config.setThreadFactory(admission.getThreadFactory());
	}

	private static void bind(DatabaseSettings settings, HikariConfig config) {
		new Binder(new MapConfigurationPropertySource(settings.hikari())).bind("", Bindable.ofInstance(config));
	}

	/**
	 * Returns how the pool of a database initializes the session of each connection.
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
