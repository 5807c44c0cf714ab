package io.appdbs.bean.mongo;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.mongodb.client.MongoClient;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.NamedMongoTransactionManager;
import io.appdbs.mongo.TimeoutExceptionTranslator;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.transaction.TransactionRetries;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.mongodb.autoconfigure.DataMongoProperties;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.data.mapping.context.MappingContextEvent;
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
 * Creates the beans of MongoDB databases. Each waits for its own database only.
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
		return createFactory(lifecycle.getDefinition(name), client);
	}

	static MongoDatabaseFactory createFactory(DatabaseDefinition definition, MongoClient client) {
		SimpleMongoClientDatabaseFactory factory = new SimpleMongoClientDatabaseFactory(client,
				String.valueOf(definition.connectionDetails().get().database()));
		factory.setExceptionTranslator(new TimeoutExceptionTranslator());
		return factory;
	}

	/**
	 * Creates the entities of a database that are known in advance, which have been found
	 * when the bean was defined.
	 */
	static MongoManagedTypes mongoManagedTypes(String[] classNames, ConfigurableListableBeanFactory beanFactory) {
		return MongoManagedTypes.fromIterable(Stream.of(classNames)
			.<Class<?>>map((className) -> ClassUtils.resolveClassName(className, beanFactory.getBeanClassLoader()))
			.toList());
	}

	/**
	 * Each database has a separate mapping context: a shared one would create its indexes
	 * in another database. It knows the entities in the packages of the database in
	 * advance. That of the primary database knows those in no such package as well.
	 */
	static MongoModel mongoModel(String name, boolean primary, boolean encrypted, ApplicationContext applicationContext,
			ObjectProvider<MongoCustomConversions> customConversions, ConfigurableListableBeanFactory beanFactory) {
		MongoCustomConversions conversions = EncryptedMongoConversions.of(name, encrypted,
				conversions(customConversions));
		MongoManagedTypes managedTypes = findManagedTypes(name, primary, beanFactory);
		MongoModel model = new MongoModel(conversions, () -> {
			MongoMappingContext context = createMappingContext(conversions, applicationContext);
			context.setManagedTypes(managedTypes);
			context.afterPropertiesSet();
			return context;
		});
		if (applicationContext instanceof ConfigurableApplicationContext configurable) {
			configurable.addApplicationListener(new EntityListener(model));
		}
		return model;
	}

	/**
	 * Creates a mapping context without entities that are known in advance.
	 */
	static MongoMappingContext createMappingContext(MongoCustomConversions conversions,
			ApplicationContext applicationContext) {
		MongoMappingContext context = new MongoMappingContext();
		context.setApplicationContext(applicationContext);
		context.setSimpleTypeHolder(conversions.getSimpleTypeHolder());
		if (dataMongoPropertiesPresent) {
			BootMappingProperties.apply(context, applicationContext);
		}
		return context;
	}

	/**
	 * Finds the entities of a database.
	 * @param cycle is called if their mapping needs a database: then they are known only
	 * after the databases have been opened
	 * @return the entities or {@code null} if their mapping needs a database
	 */
	static @Nullable MongoModel findModel(ConfigurableListableBeanFactory beanFactory, String database,
			Consumer<BeansException> cycle) {
		try {
			return UserBeans.findQualified(beanFactory, MongoModel.class, database);
		}
		catch (BeansException ex) {
			if (!ex.contains(BeanCurrentlyInCreationException.class)) {
				throw ex;
			}
			cycle.accept(ex);
			return null;
		}
	}

	static MappingMongoConverter mongoConverter(MongoDatabaseFactory factory, MongoModel model) {
		MappingMongoConverter converter = new MappingMongoConverter(new DefaultDbRefResolver(factory),
				model.getMappingContext());
		converter.setCustomConversions(model.getConversions());
		return converter;
	}

	/**
	 * Returns whether Boot's key lets Spring Data create the indexes of entities.
	 */
	static boolean isAutoIndexCreation(Environment environment) {
		return dataMongoPropertiesPresent
				&& Boolean.TRUE.equals(BootMappingProperties.get(environment).isAutoIndexCreation());
	}

	private static MongoManagedTypes findManagedTypes(String name, boolean primary,
			ConfigurableListableBeanFactory beanFactory) {
		List<MongoManagedTypes> found = primary
				? UserBeans.getAllFor(beanFactory, MongoManagedTypes.class, name, Set.of(name))
				: UserBeans.getAll(beanFactory, MongoManagedTypes.class,
						(beanName) -> UserBeans.isQualified(beanFactory, beanName, name::equals));
		Set<Class<?>> types = new LinkedHashSet<>();
		found.forEach((managedTypes) -> managedTypes.forEach(types::add));
		return MongoManagedTypes.fromIterable(types);
	}

	static MongoCustomConversions conversions(ObjectProvider<MongoCustomConversions> customConversions) {
		return customConversions.getIfAvailable(() -> MongoCustomConversions.create((adapter) -> {
		}));
	}

	/**
	 * The entities of all databases, for auditing. No template uses this context, since
	 * that would create all indexes in one database.
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
	 * Tells a model which of its entities the application uses first.
	 *
	 * @param model the model
	 */
	private record EntityListener(MongoModel model) implements ApplicationListener<MappingContextEvent<?, ?>> {

		@Override
		public void onApplicationEvent(MappingContextEvent<?, ?> event) {
			this.model.entityAdded(event);
		}

	}

	/**
	 * Applies the mapping properties of {@code spring.data.mongodb} to every database, as
	 * Boot does.
	 */
	private static final class BootMappingProperties {

		static DataMongoProperties get(Environment environment) {
			return Binder.get(environment).bindOrCreate("spring.data.mongodb", DataMongoProperties.class);
		}

		static void apply(MongoMappingContext context, ApplicationContext applicationContext) {
			DataMongoProperties properties = get(applicationContext.getEnvironment());
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
