package io.appdbs.mongo.reactive;

import com.mongodb.connection.ClusterType;
import com.mongodb.reactivestreams.client.MongoClient;
import io.appdbs.TransientDatabaseFailure;
import io.appdbs.engine.Causes;
import org.bson.Document;
import reactor.core.publisher.Mono;

import org.springframework.data.mongodb.ReactiveMongoDatabaseFactory;
import org.springframework.data.mongodb.ReactiveMongoTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

/**
 * {@link ReactiveMongoTransactionManager} that rejects a transaction if the deployment
 * does not support them, instead of failing at the first operation. While the database is
 * down, beginning a transaction fails with the exception of any other operation.
 */
public final class NamedReactiveMongoTransactionManager extends ReactiveMongoTransactionManager {

	private final String database;

	private final MongoClient client;

	/**
	 * Creates a new {@link NamedReactiveMongoTransactionManager}.
	 * @param database the name of the database
	 * @param client the reactive client of the database
	 * @param databaseFactory the factory whose operations take part
	 */
	public NamedReactiveMongoTransactionManager(String database, MongoClient client,
			ReactiveMongoDatabaseFactory databaseFactory) {
		super(databaseFactory);
		this.database = database;
		this.client = client;
	}

	@Override
	protected Mono<Void> doBegin(TransactionSynchronizationManager synchronizationManager, Object transaction,
			TransactionDefinition definition) {
		return Mono.defer(this::findClusterType)
			.flatMap((type) -> (type == ClusterType.STANDALONE) ? Mono.error(this::standalone)
					: super.doBegin(synchronizationManager, transaction, definition))
			.onErrorMap(NamedReactiveMongoTransactionManager::findOutage);
	}

	/**
	 * A new client does not know the type before it has found a server.
	 */
	private Mono<ClusterType> findClusterType() {
		ClusterType type = this.client.getClusterDescription().getType();
		return (type != ClusterType.UNKNOWN) ? Mono.just(type)
				: Mono.from(this.client.getDatabase("admin").runCommand(new Document("ping", 1)))
					.map((pong) -> this.client.getClusterDescription().getType());
	}

	private CannotCreateTransactionException standalone() {
		return new CannotCreateTransactionException(
				"Database '%s' is a standalone MongoDB server, which does not support transactions. "
					.formatted(this.database)
						+ "Run it as a replica set (one member is enough), or do not use a transaction here.");
	}

	private static Throwable findOutage(Throwable failure) {
		return Causes.of(failure).filter(TransientDatabaseFailure.class::isInstance).findFirst().orElse(failure);
	}

}
