package io.appdbs.jdbc;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

import com.zaxxer.hikari.HikariConfig;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.DatabaseSettings;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.PoolSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Translates the settings of a database into HikariCP's. What {@code hikari.*} says is
 * applied last, as it is the more specific wish; contradictions were refused before.
 */
final class HikariConfigFactory {

	/** Some drivers would wait for ever for a server that accepts and never answers. */
	private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

	private HikariConfigFactory() {
	}

	static HikariConfig create(DatabaseDefinition definition, JdbcEngine engine, ConnectionTarget target) {
		DatabaseSettings settings = definition.settings();
		HikariConfig config = new DiscreetHikariConfig();
		config.setPoolName(definition.name());
		config.setDriverClassName(engine.getDriverClassName());
		config.setJdbcUrl(target.url());
		config.setUsername(firstNonNull(settings.username(), target.username()));
		config.setPassword(firstNonNull(settings.password(), target.password()));
		config.setReadOnly(settings.readOnly());
		properties(engine, target, settings).forEach(config::addDataSourceProperty);
		applyPool(config, settings.pool());
		ConfigurationPropertySource source = new MapConfigurationPropertySource(settings.hikari());
		if (!settings.hikari().containsKey("connection-init-sql")) {
			// another connection has just proved what opening one here would
			config.setInitializationFailTimeout(-1);
		}
		new Binder(source).bind("", Bindable.ofInstance(config));
		return config;
	}

	private static @Nullable String firstNonNull(@Nullable String first, @Nullable String second) {
		return (first != null) ? first : second;
	}

	private static Map<String, String> properties(JdbcEngine engine, ConnectionTarget target,
			DatabaseSettings settings) {
		Map<String, String> properties = new LinkedHashMap<>(target.properties());
		Duration connectTimeout = settings.pool().connectTimeout();
		if (connectTimeout != null) {
			properties.putAll(engine.getConnectTimeoutProperties(connectTimeout));
		}
		else {
			engine.getConnectTimeoutProperties(DEFAULT_CONNECT_TIMEOUT).forEach(properties::putIfAbsent);
		}
		if (settings.readOnly()) {
			properties.putAll(engine.getReadOnlyProperties());
		}
		if (settings.statementTimeout() != null) {
			properties.putAll(engine.getStatementTimeoutProperties(target, settings.statementTimeout()));
		}
		return properties;
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
