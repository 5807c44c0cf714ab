package io.appdbs.mongo;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.connection.ConnectionPoolSettings;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.DatabaseSettings;
import io.appdbs.engine.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Translates the settings of a database into the MongoDB driver's.
 */
final class MongoClientSettingsFactory {

	private MongoClientSettingsFactory() {
	}

	static MongoClientSettings create(DatabaseDefinition definition, ConnectionTarget target,
			List<MongoDatabaseOpener.Customizer> customizers) {
		MongoClientSettings.Builder builder = MongoClientSettings.builder();
		customizers.forEach((customizer) -> customizer.customize(builder));
		DatabaseSettings settings = definition.settings();
		ConnectionString connectionString = new ConnectionString(withSecrets(target, settings));
		builder.applyConnectionString(connectionString);
		applyPool(builder, settings.pool());
		if (settings.statementTimeout() != null) {
			builder.timeout(settings.statementTimeout().toMillis(), TimeUnit.MILLISECONDS);
		}
		return builder.build();
	}

	/**
	 * Put back what was taken out of the URL: the driver alone knows how user, mechanism
	 * and source make a credential.
	 */
	private static String withSecrets(ConnectionTarget target, DatabaseSettings settings) {
		StringBuilder url = new StringBuilder(target.url());
		target.properties()
			.forEach((name, value) -> url.append((url.indexOf("?") < 0) ? "?" : "&")
				.append(name)
				.append("=")
				.append(encode(value)));
		String username = (settings.username() != null) ? settings.username() : target.username();
		String password = (settings.password() != null) ? settings.password() : target.password();
		if (username != null) {
			String userInfo = encode(username) + ((password != null) ? ":" + encode(password) : "") + "@";
			url.insert(url.indexOf("://") + 3, userInfo);
		}
		return url.toString();
	}

	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
	}

	private static void applyPool(MongoClientSettings.Builder builder, PoolSettings pool) {
		builder.applyToConnectionPoolSettings((settings) -> applyPool(settings, pool));
		millis(pool.connectTimeout(), (millis) -> builder
			.applyToSocketSettings((settings) -> settings.connectTimeout(millis, TimeUnit.MILLISECONDS)));
		millis(pool.keepalive(), (millis) -> builder
			.applyToServerSettings((settings) -> settings.heartbeatFrequency(millis, TimeUnit.MILLISECONDS)));
	}

	private static void applyPool(ConnectionPoolSettings.Builder settings, PoolSettings pool) {
		if (pool.maxSize() != null) {
			settings.maxSize(pool.maxSize());
		}
		if (pool.minSize() != null) {
			settings.minSize(pool.minSize());
		}
		millis(pool.acquireTimeout(), (millis) -> settings.maxWaitTime(millis, TimeUnit.MILLISECONDS));
		millis(pool.maxLifetime(), (millis) -> settings.maxConnectionLifeTime(millis, TimeUnit.MILLISECONDS));
		millis(pool.maxIdleTime(), (millis) -> settings.maxConnectionIdleTime(millis, TimeUnit.MILLISECONDS));
	}

	private static void millis(@Nullable Duration duration, LongConsumer consumer) {
		if (duration != null) {
			consumer.accept(duration.toMillis());
		}
	}

}
