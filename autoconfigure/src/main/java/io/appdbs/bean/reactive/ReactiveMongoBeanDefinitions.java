package io.appdbs.bean.reactive;

import com.mongodb.reactivestreams.client.MongoClient;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.AuditingPostProcessor;
import io.appdbs.bean.mongo.MongoBeans;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.data.mongodb.ReactiveMongoDatabaseFactory;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.util.ClassUtils;

/**
 * Registers the reactive beans of MongoDB databases. Loaded only if the reactive driver
 * is on the class path.
 */
public final class ReactiveMongoBeanDefinitions {

	/**
	 * With R2DBC, an injection without qualifier gets the manager of a relational one.
	 */
	private static final boolean r2dbcPresent = ClassUtils.isPresent(
			"org.springframework.r2dbc.connection.R2dbcTransactionManager",
			ReactiveMongoBeanDefinitions.class.getClassLoader());

	private ReactiveMongoBeanDefinitions() {
	}

	/**
	 * Registers the beans of a database.
	 * @param registry where the other beans of the database have been registered
	 * @param beans registers beans of the database
	 * @param database the database
	 */
	public static void register(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans,
			DeclaredDatabase database) {
		CandidateRole role = beans.roles().derived(database);
		Class<?> factory = ReactiveMongoBeans.class;
		String client = beans.register(database, "ReactiveMongoClient", MongoClient.class, role, factory,
				database.name());
		if (beans.getReplaced().contains(database.name()) && BeanDefinitions.isCreatedBy(factory, client, registry)) {
			throw replaced(database);
		}
		String databaseFactory = beans.register(database, "ReactiveMongoDatabaseFactory",
				ReactiveMongoDatabaseFactory.class, role, factory, database.name(), reference(client));
		String template = beans.register(database, "ReactiveMongoTemplate", ReactiveMongoTemplate.class, role, factory,
				reference(databaseFactory), reference(database.beanName("MongoConverter")),
				reference(database.beanName("MongoTemplate")));
		CandidateRole transactionRole = (beans.roles().transaction(database) == CandidateRole.PRIMARY && !r2dbcPresent)
				? CandidateRole.DEFAULT : CandidateRole.QUALIFIED;
		String manager = beans.registerForInjection(database, "ReactiveTransactionManager",
				ReactiveTransactionManager.class, transactionRole, factory, database.name(), reference(client),
				reference(databaseFactory));
		beans.register(database, "TransactionalOperator", TransactionalOperator.class, transactionRole, factory,
				reference(manager));
		beans.registerAlias(manager, database, "ReactiveMongoTransactionManager");
		if (role == CandidateRole.PRIMARY) {
			// the only name that repositories of Spring Data look up
			beans.registerAlias(template, "reactiveMongoTemplate");
		}
	}

	/**
	 * Registers the auditing of all databases.
	 * @param registry where to register it
	 */
	public static void registerAuditing(BeanDefinitionRegistry registry) {
		AuditingPostProcessor.register(registry, "reactiveMongoAuditingHandler", "mongoMappingContext",
				BeanDefinitions.of(MongoBeans.class, "auditingMappingContext"));
	}

	private static InvalidDatabaseConfigurationException replaced(DeclaredDatabase database) {
		String key = DatabaseDefinition.key(database.name(), "mongo.reactive");
		return new InvalidDatabaseConfigurationException(database.name(), key,
				"Database '%s': '%s' is true, but a MongoClient bean of the application replaces the database, and the starter does not know how to connect a reactive client."
					.formatted(database.name(), key),
				"Define a bean of type %s with @Qualifier(\"%s\") as well, or remove '%s'."
					.formatted(MongoClient.class.getName(), database.name(), key),
				null)
			.in(TroubleshootingSection.BEAN);
	}

	private static RuntimeBeanReference reference(String beanName) {
		return new RuntimeBeanReference(beanName);
	}

}
