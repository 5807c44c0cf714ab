package io.appdbs.bean.reactive;

import com.mongodb.reactivestreams.client.MongoClient;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.mongo.TimeoutExceptionTranslator;
import io.appdbs.mongo.TransactionConcerns;
import io.appdbs.mongo.reactive.NamedReactiveMongoTransactionManager;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.data.mongodb.ReactiveMongoDatabaseFactory;
import org.springframework.data.mongodb.ReactiveMongoTransactionManager;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.SimpleReactiveMongoDatabaseFactory;
import org.springframework.data.mongodb.core.convert.MongoConverter;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;

/**
 * Creates the reactive beans of MongoDB databases. Each waits for its own database only.
 */
public final class ReactiveMongoBeans {

	private ReactiveMongoBeans() {
	}

	static MongoClient reactiveMongoClient(String name, DatabaseLifecycle lifecycle) {
		return lifecycle.getConnector(name, MongoDatabaseConnector.class).getReactiveClient(MongoClient.class);
	}

	static ReactiveMongoDatabaseFactory reactiveMongoDatabaseFactory(String name, MongoClient client,
			DatabaseLifecycle lifecycle) {
		SimpleReactiveMongoDatabaseFactory factory = new SimpleReactiveMongoDatabaseFactory(client,
				String.valueOf(lifecycle.getDefinition(name).connectionDetails().get().database()));
		factory.setExceptionTranslator(new TimeoutExceptionTranslator());
		return factory;
	}

	/**
	 * Creates the template with the mapping of the blocking one, which has been created
	 * and creates the indexes, if any.
	 */
	static ReactiveMongoTemplate reactiveMongoTemplate(ReactiveMongoDatabaseFactory factory, MongoConverter converter,
			MongoOperations blocking) {
		if (!(converter.getMappingContext() instanceof MongoMappingContext context) || !context.isAutoIndexCreation()) {
			return new ReactiveMongoTemplate(factory, converter);
		}
		// only the constructors of templates read it
		context.setAutoIndexCreation(false);
		try {
			return new ReactiveMongoTemplate(factory, converter);
		}
		finally {
			context.setAutoIndexCreation(true);
		}
	}

	static ReactiveMongoTransactionManager reactiveTransactionManager(String name, MongoClient client,
			ReactiveMongoDatabaseFactory factory, ObjectProvider<TransactionManagerCustomizers> customizers) {
		ReactiveMongoTransactionManager manager = new NamedReactiveMongoTransactionManager(name, client, factory);
		manager.setOptions(TransactionConcerns.of(client.getReadConcern()));
		customizers.ifAvailable((all) -> all.customize(manager));
		return manager;
	}

	static TransactionalOperator transactionalOperator(ReactiveTransactionManager manager) {
		return TransactionalOperator.create(manager);
	}

}
