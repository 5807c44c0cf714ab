package io.appdbs.bean.mongo;

import java.util.LinkedHashMap;
import java.util.Map;

import com.mongodb.client.MongoClient;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.NamedMongoTransactionManager;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.transaction.TransactionRetry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.convert.MappingMongoConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The objects of MongoDB databases that are added at run time, which have no beans. They
 * share the mapping of entities, as that of each database would need memory. Nothing of
 * the application refers to them, so that nothing is left of a database that has been
 * removed.
 */
public final class RuntimeMongoObjects {

	private static final Log logger = LogFactory.getLog(RuntimeMongoObjects.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private @Nullable MongoMappingContext mappingContext;

	/**
	 * Creates new {@link RuntimeMongoObjects}.
	 * @param beanFactory finds the conversions and callbacks of the application
	 */
	public RuntimeMongoObjects(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Creates the objects of a database. Opens no client.
	 * @param database the database
	 * @return the objects by type
	 */
	public Map<Class<?>, Object> create(DatabaseAccess database) {
		DatabaseDefinition definition = database.getDefinition();
		MongoDatabaseConnector connector = (MongoDatabaseConnector) database.getConnector();
		MongoClient client = connector.getClient();
		MongoDatabaseFactory factory = MongoBeans.createFactory(definition, client);
		MongoTemplate template = createTemplate(definition.name(), factory);
		TransactionRetry retry = new TransactionRetry(definition, database::findEngine);
		MongoTransactionManager manager = new NamedMongoTransactionManager(definition.name(), client, factory, retry,
				connector.getReadConcern());
		this.beanFactory.getBeanProvider(TransactionManagerCustomizers.class)
			.ifAvailable((all) -> all.customize(manager));
		Map<Class<?>, Object> objects = new LinkedHashMap<>();
		objects.put(MongoClient.class, client);
		objects.put(MongoDatabaseFactory.class, factory);
		objects.put(MongoTemplate.class, template);
		objects.put(MongoTransactionManager.class, manager);
		objects.put(TransactionRetry.class, retry);
		objects.put(TransactionTemplate.class, retry.createTemplate(manager));
		return objects;
	}

	private MongoTemplate createTemplate(String name, MongoDatabaseFactory factory) {
		ContextHolder holder = new ContextHolder();
		this.beanFactory.initializeBean(holder, ContextHolder.class.getName());
		MongoCustomConversions conversions = EncryptedMongoConversions.of(name, false,
				MongoBeans.conversions(this.beanFactory.getBeanProvider(MongoCustomConversions.class)));
		MappingMongoConverter converter = MongoBeans.mongoConverter(factory,
				new MongoModel(conversions, () -> getMappingContext(conversions, holder.get())));
		converter.afterPropertiesSet();
		MongoTemplate template = MongoBeans.mongoTemplate(factory, converter);
		template.setApplicationContext(holder.get());
		return template;
	}

	/**
	 * Returns a mapping that creates no index, as it has no database.
	 */
	private synchronized MongoMappingContext getMappingContext(MongoCustomConversions conversions,
			ApplicationContext applicationContext) {
		MongoMappingContext context = this.mappingContext;
		if (context == null) {
			context = MongoBeans.createMappingContext(conversions, applicationContext);
			if (context.isAutoIndexCreation()) {
				logger.warn(
						"'spring.data.mongodb.auto-index-creation' has no effect on databases that are added at run time. Create their indexes with migrations.");
			}
			context.setAutoIndexCreation(false);
			context.afterPropertiesSet();
			this.mappingContext = context;
		}
		return context;
	}

	/**
	 * The application context is no bean that a bean factory finds.
	 */
	private static final class ContextHolder implements ApplicationContextAware {

		private @Nullable ApplicationContext applicationContext;

		@Override
		public void setApplicationContext(ApplicationContext applicationContext) {
			this.applicationContext = applicationContext;
		}

		ApplicationContext get() {
			ApplicationContext applicationContext = this.applicationContext;
			if (applicationContext == null) {
				throw new IllegalStateException("The bean factory belongs to no application context");
			}
			return applicationContext;
		}

	}

}
