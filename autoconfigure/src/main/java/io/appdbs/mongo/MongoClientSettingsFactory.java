package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadConcernLevel;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.connection.ConnectionPoolSettings;
import com.mongodb.observability.ObservabilitySettings;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.MongoDbEngine;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.PoolSettings;
import io.appdbs.settings.mongo.MongoSettings;
import io.appdbs.ssl.DatabaseSsl;
import io.appdbs.ssl.SslContexts;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Creates the settings of a {@code MongoClient} from those of a database.
 */
final class MongoClientSettingsFactory {

	/** How long a client for maintenance looks for a server that it can use. */
	private static final Duration SELECTION_TIMEOUT = Duration.ofSeconds(10);

	private static final String MAJORITY = "majority";

	private MongoClientSettingsFactory() {
	}

	static MongoClientSettings create(DatabaseDefinition definition, DatabaseConnectionDetails details,
			List<MongoDatabaseConnector.Customizer> customizers) {
		return createWithLogin(definition, definition.settings().applyCredentials(details), customizers);
	}

	/**
	 * Creates settings with the login of the connection details.
	 */
	static MongoClientSettings createWithLogin(DatabaseDefinition definition, DatabaseConnectionDetails details,
			List<MongoDatabaseConnector.Customizer> customizers) {
		MongoClientSettings.Builder builder = MongoClientSettings.builder();
		customizers.forEach((customizer) -> customizer.customize(definition.name(), builder));
		DatabaseSettings settings = definition.settings();
		// contains the secrets: only for the driver
		ConnectionString connectionString = new ConnectionString(MongoDbEngine.toConnectionString(details));
		builder.applyConnectionString(connectionString);
		applyPool(builder, settings.pool());
		applySsl(builder, MongoDbEngine.getSslKey(details));
		if (settings.statementTimeout() != null) {
			builder.timeout(settings.statementTimeout().toMillis(), TimeUnit.MILLISECONDS);
		}
		return builder.build();
	}

	/**
	 * Returns settings for the application. Its read preference and concerns do not apply
	 * to other clients, whose reads have to be current. A parameter of the URL overrides
	 * a key, which is then equal or one of the defaults.
	 */
	static MongoClientSettings forApplication(MongoClientSettings settings, MongoSettings keys,
			DatabaseConnectionDetails details) {
		MongoClientSettings.Builder builder = MongoClientSettings.builder(settings);
		if (keys.readPreference() != null && !hasParameter(details, "readPreference")) {
			builder.readPreference(ReadPreference.valueOf(keys.readPreference().name().replace("_", "")));
		}
		if (keys.readConcern() != null && !hasParameter(details, "readConcernLevel")) {
			builder.readConcern(new ReadConcern(ReadConcernLevel.valueOf(keys.readConcern().name())));
		}
		String writeConcern = keys.writeConcern();
		if (writeConcern != null && !hasParameter(details, "w")) {
			builder.writeConcern(withServers(settings.getWriteConcern(), writeConcern));
		}
		return builder.build();
	}

	private static boolean hasParameter(DatabaseConnectionDetails details, String name) {
		return details.parameters().keySet().stream().anyMatch(name::equalsIgnoreCase);
	}

	private static WriteConcern withServers(WriteConcern concern, String servers) {
		if (Character.isDigit(servers.charAt(0))) {
			return concern.withW(Integer.parseInt(servers));
		}
		return concern.withW(servers.equalsIgnoreCase(MAJORITY) ? MAJORITY : servers);
	}

	/**
	 * Returns settings for probes. Listeners of the application's commands do not receive
	 * those of a probe.
	 */
	static MongoClientSettings forProbe(MongoClientSettings settings, Duration timeout, ServerDiscovery discovery) {
		long millis = timeout.toMillis();
		MongoClientSettings.Builder builder = MongoClientSettings.builder(settings)
			.applyToClusterSettings((cluster) -> cluster.serverSelectionTimeout(millis, TimeUnit.MILLISECONDS)
				.addClusterListener(discovery))
			.applyToSocketSettings((socket) -> socket.connectTimeout(millis, TimeUnit.MILLISECONDS)
				.readTimeout((int) millis, TimeUnit.MILLISECONDS))
			.applyToConnectionPoolSettings((pool) -> pool.minSize(0).maxSize(2).connectionPoolListenerList(List.of()))
			.commandListenerList(List.of());
		if (settings.getObservabilitySettings() != null) {
			Observation.switchOff(builder);
		}
		return builder.build();
	}

	static MongoClientSettings forOneConnection(MongoClientSettings settings) {
		return MongoClientSettings.builder(settings).applyToConnectionPoolSettings((pool) -> pool.maxSize(1)).build();
	}

	/**
	 * Returns settings for commands that may take long. Listeners of the application's
	 * commands do not receive them.
	 * @param timeout the time limit for each answer of the server, {@code null} for none
	 */
	static MongoClientSettings forMaintenance(MongoClientSettings settings, @Nullable Duration timeout) {
		MongoClientSettings.Builder builder = MongoClientSettings.builder(settings)
			.readPreference(ReadPreference.primary())
			.readConcern(ReadConcern.DEFAULT)
			.timeout((timeout != null) ? timeout.toMillis() : 0, TimeUnit.MILLISECONDS)
			.applyToClusterSettings(
					(cluster) -> cluster.serverSelectionTimeout(SELECTION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
			.applyToSocketSettings((socket) -> socket.readTimeout(0, TimeUnit.MILLISECONDS))
			.applyToConnectionPoolSettings((pool) -> pool.minSize(0).maxSize(2).connectionPoolListenerList(List.of()))
			.commandListenerList(List.of());
		if (settings.getObservabilitySettings() != null) {
			Observation.switchOff(builder);
		}
		return builder.build();
	}

	/**
	 * The client is never without TLS, whatever the URL and the customizers say.
	 */
	private static void applySsl(MongoClientSettings.Builder builder, @Nullable String key) {
		if (key != null) {
			builder
				.applyToSslSettings((ssl) -> ssl.enabled(true)
					.invalidHostNameAllowed(!SslContexts.get(key).isHostNameVerified())
					.context(DatabaseSsl.createContext(key)))
				.inetAddressResolver(new NamedAddressResolver(builder.build().getInetAddressResolver()));
		}
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

	/**
	 * Loaded only if the application observes its clients, and so has Micrometer.
	 */
	private static final class Observation {

		static void switchOff(MongoClientSettings.Builder builder) {
			builder.observabilitySettings(
					ObservabilitySettings.micrometerBuilder().observationRegistry(ObservationRegistry.NOOP).build());
		}

	}

}
