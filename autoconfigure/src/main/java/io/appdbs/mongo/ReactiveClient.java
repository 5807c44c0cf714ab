package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoClientSettings;
import com.mongodb.connection.TransportSettings;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import io.appdbs.DatabaseOutage;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.mongo.command.CommandLogs;
import io.appdbs.mongo.reactive.AuditContextProvider;
import io.appdbs.mongo.reactive.DeferredMongoClient;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * {@link ApplicationClient} whose operations do not block. They wait without a thread
 * while the database is starting or suspended. Loaded only if the reactive driver is on
 * the class path.
 */
final class ReactiveClient extends ApplicationClient<MongoClient> {

	/** How long a thread without work is kept. */
	private static final Duration IDLE_TIME = Duration.ofSeconds(10);

	private final String database;

	private @Nullable DeferredMongoClient deferred;

	ReactiveClient(DatabaseDefinition definition, DatabaseAvailability availability,
			List<MongoDatabaseConnector.Customizer> customizers, MongoPoolCounter pool, CommandLogs logs) {
		super(definition, availability, customizers, pool, logs);
		this.database = definition.name();
	}

	/**
	 * Opens a client with its own threads, which the driver ends when the client is
	 * closed. By default the driver uses threads of the JVM, which nothing ends.
	 */
	@Override
	MongoClient open(MongoClientSettings configured) {
		MongoClientSettings settings = audit(configured);
		if (settings.getTransportSettings() != null) {
			return MongoClients.create(settings);
		}
		CustomizableThreadFactory threads = new CustomizableThreadFactory(
				"appdbs-%s-reactive-".formatted(this.database));
		threads.setDaemon(true);
		ThreadPoolExecutor executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_TIME.toMillis(),
				TimeUnit.MILLISECONDS, new SynchronousQueue<>(), threads);
		try {
			return MongoClients.create(MongoClientSettings.builder(settings)
				.transportSettings(TransportSettings.asyncBuilder().executorService(executor).build())
				.build());
		}
		catch (RuntimeException ex) {
			executor.shutdownNow();
			throw ex;
		}
	}

	private MongoClientSettings audit(MongoClientSettings settings) {
		AuditTrail trail = getAuditTrail();
		return (trail != null) ? MongoClientSettings.builder(settings)
			.contextProvider(new AuditContextProvider(trail, settings.getContextProvider()))
			.build() : settings;
	}

	@Override
	MongoClient expose(MongoClient first) {
		this.deferred = new DeferredMongoClient(first, this::findGate);
		return this.deferred.getClient();
	}

	@Override
	MongoClient replace(MongoClient next) {
		DeferredMongoClient deferred = this.deferred;
		if (deferred == null) {
			throw new IllegalStateException("The client has not been created");
		}
		return deferred.replace(next);
	}

	@Override
	void closeFormer(MongoClient former) {
		former.close();
	}

	/**
	 * What has begun may go on while the database is suspended.
	 */
	@Override
	@Nullable DatabaseOutage findOutage() {
		return getAvailability().isUp() ? null : getAvailability().check(Duration.ZERO);
	}

	/**
	 * Returns what an operation waits for, or {@code null} if the database can be used.
	 */
	private @Nullable Mono<Void> findGate() {
		if (getAvailability().isOpen()) {
			return null;
		}
		CompletableFuture<@Nullable DatabaseOutage> check = getAvailability().checkAsync(getAcquireTimeout());
		Mono<DatabaseOutage> outage = Mono.fromFuture(check);
		// not on the thread that resumes the database
		return (check.isDone() ? outage : outage.publishOn(Schedulers.parallel()))
			.flatMap((reason) -> Mono.error(new MongoDatabaseDownException(reason)));
	}

}
