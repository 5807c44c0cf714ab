package io.appdbs.bean;

import com.mongodb.client.MongoClient;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.mongo.NamedMongoTransactionManager;
import io.appdbs.transaction.TransactionRetries;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.mongodb.autoconfigure.DataMongoProperties;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mapping.model.FieldNamingStrategy;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoManagedTypes;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.data.mongodb.core.convert.DefaultDbRefResolver;
import org.springframework.data.mongodb.core.convert.MappingMongoConverter;
import org.springframework.data.mongodb.core.convert.MongoConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.util.ClassUtils;

/**
 * Creates the beans of MongoDB databases. Each waits for its own database alone.
 */
public final class MongoBeans {

	private static final boolean dataMongoPropertiesPresent = ClassUtils.isPresent(
			"org.springframework.boot.data.mongodb.autoconfigure.DataMongoProperties",
			MongoBeans.class.getClassLoader());

	private MongoBeans() {
	}

	static MongoClient mongoClient(String name, DatabaseLifecycle lifecycle) {
		return lifecycle.getConnector(name, MongoDatabaseConnector.class).getClient();
	}

	static MongoDatabaseFactory mongoDatabaseFactory(String name, MongoClient client, DatabaseLifecycle lifecycle) {
		return new SimpleMongoClientDatabaseFactory(client,
				String.valueOf(lifecycle.getDefinition(name).connectionDetails().get().database()));
	}

	/**
	 * Each database has a mapping context of its own: the context of another would create
	 * its indexes there. Only the primary one is told of all entities beforehand.
	 */
	static MappingMongoConverter mongoConverter(boolean primary, MongoDatabaseFactory factory,
			ApplicationContext applicationContext, ObjectProvider<MongoCustomConversions> customConversions,
			ObjectProvider<MongoManagedTypes> managedTypes) {
		MongoCustomConversions conversions = conversions(customConversions);
		MongoMappingContext context = new MongoMappingContext();
		context.setApplicationContext(applicationContext);
		context.setSimpleTypeHolder(conversions.getSimpleTypeHolder());
		if (dataMongoPropertiesPresent) {
			BootMappingProperties.apply(context, applicationContext);
		}
		if (primary) {
			managedTypes.ifAvailable(context::setManagedTypes);
		}
		context.afterPropertiesSet();
		MappingMongoConverter converter = new MappingMongoConverter(new DefaultDbRefResolver(factory), context);
		converter.setCustomConversions(conversions);
		return converter;
	}

	private static MongoCustomConversions conversions(ObjectProvider<MongoCustomConversions> customConversions) {
		return customConversions.getIfAvailable(() -> MongoCustomConversions.create((adapter) -> {
		}));
	}

	/**
	 * What auditing knows of the entities of all databases. No template uses it, which
	 * would create their indexes in its database.
	 */
	static MongoMappingContext auditingMappingContext(ObjectProvider<MongoCustomConversions> customConversions) {
		MongoMappingContext context = new MongoMappingContext();
		context.setSimpleTypeHolder(conversions(customConversions).getSimpleTypeHolder());
		return context;
	}

	static MongoTemplate mongoTemplate(MongoDatabaseFactory factory, MongoConverter converter) {
		return new MongoTemplate(factory, converter);
	}

	static MongoTransactionManager transactionManager(String name, MongoClient client, MongoDatabaseFactory factory,
			TransactionRetries retries, ObjectProvider<TransactionManagerCustomizers> customizers) {
		MongoTransactionManager manager = new NamedMongoTransactionManager(name, client, factory, retries.get(name));
		customizers.ifAvailable((all) -> all.customize(manager));
		return manager;
	}

	/**
	 * What {@code spring.data.mongodb.*} says of mapping holds for every database, as in
	 * Boot.
	 */
	private static final class BootMappingProperties {

		static void apply(MongoMappingContext context, ApplicationContext applicationContext) {
			DataMongoProperties properties = Binder.get(applicationContext.getEnvironment())
				.bindOrCreate("spring.data.mongodb", DataMongoProperties.class);
			Boolean autoIndexCreation = properties.isAutoIndexCreation();
			if (autoIndexCreation != null) {
				context.setAutoIndexCreation(autoIndexCreation);
			}
			Class<?> strategy = properties.getFieldNamingStrategy();
			if (strategy != null) {
				context.setFieldNamingStrategy((FieldNamingStrategy) BeanUtils.instantiateClass(strategy));
			}
		}

	}

}
