package io.appdbs.bean;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import io.appdbs.bean.MigrationBeanDefinitions.MigrationTool;
import io.appdbs.bean.audit.AuditBeans;
import io.appdbs.bean.cache.CacheBeanDefinitions;
import io.appdbs.bean.encryption.EncryptionBeanDefinitions;
import io.appdbs.bean.mongo.MongoBeans;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.CandidateRoles;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.mongo.MongoModel;
import io.appdbs.query.QueryLogs;
import io.appdbs.replica.TransactionManagerPostProcessor;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.convert.MongoConverter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ClassUtils;

/**
 * Registers the bean definitions of all databases.
 */
public final class DatabaseBeanDefinitions {

	/**
	 * The bean that retries transactions.
	 */
	public static final String RETRIES = "appDbsTransactionRetries";

	private static final boolean repositoriesPresent = ClassUtils.isPresent(
			"org.springframework.data.repository.core.support.TransactionalRepositoryFactoryBeanSupport",
			DatabaseBeanDefinitions.class.getClassLoader());

	private final BeanDefinitionRegistry registry;

	private final DatabaseBeanRegistry beans;

	private final Map<String, String> dataSources = new LinkedHashMap<>();

	private final Map<String, String> transactionManagers = new LinkedHashMap<>();

	/**
	 * Creates new {@link DatabaseBeanDefinitions}.
	 * @param registry where to register them
	 * @param userBeans the beans of the application
	 * @param roles the roles of the databases
	 * @param namedFactories the beans of the application that have been given such a
	 * role; an injection point that is named after one gets that bean
	 */
	public DatabaseBeanDefinitions(BeanDefinitionRegistry registry, UserBeans userBeans, CandidateRoles roles,
			Set<String> namedFactories) {
		this.registry = registry;
		this.beans = new DatabaseBeanRegistry(registry, userBeans, roles, namedFactories);
	}

	/**
	 * Registers the beans of all databases.
	 * @param databases the databases
	 * @param flyway the databases that Flyway migrates
	 * @param liquibase the databases that Liquibase migrates
	 */
	public void register(List<DeclaredDatabase> databases, MigrationTool flyway, MigrationTool liquibase) {
		// first, so that the databases open while other beans are being created
		RootBeanDefinition lifecycle = BeanDefinitions.of(DatabaseBeans.class, "lifecycle");
		this.registry.registerBeanDefinition(DatabaseBeanRegistry.LIFECYCLE, lifecycle);
		registerShared();
		EncryptionBeanDefinitions.register(this.registry, this.beans, databases);
		CacheBeanDefinitions.register(this.registry, this.beans, databases);
		registerRelational(databases.stream().filter(DeclaredDatabase::isRelational).toList());
		List<DeclaredDatabase> mongo = databases.stream().filter((database) -> !database.isRelational()).toList();
		registerMongo(mongo);
		registerRetries(mongo);
		new MigrationBeanDefinitions(this.registry, this.beans).register(databases, flyway, liquibase);
		Map<String, DatabaseKind> kinds = new LinkedHashMap<>();
		databases.forEach((database) -> kinds.put(database.name(), database.kind()));
		BeanDefinitions.addArguments(lifecycle, kinds, this.beans.getReplaced(),
				databases.stream().filter(DeclaredDatabase::reactive).map(DeclaredDatabase::name).toList(),
				databases.stream().filter(DeclaredDatabase::encrypted).map(DeclaredDatabase::name).toList(),
				databases.stream().filter(DeclaredDatabase::cached).map(DeclaredDatabase::name).toList());
	}

	/**
	 * Registers the beans that all databases share.
	 */
	private void registerShared() {
		RootBeanDefinition settings = BeanDefinitions.of(SettingsBeans.class, "settings");
		settings.setLazyInit(true);
		settings.setAutowireCandidate(false);
		this.registry.registerBeanDefinition("appDbsSettings", settings);
		// a context of tests has been given shared servers
		if (!this.registry.containsBeanDefinition(EmbeddedServers.BEAN_NAME)) {
			RootBeanDefinition embeddedServers = BeanDefinitions.of(DatabaseBeans.class, "embeddedServers");
			embeddedServers.setLazyInit(true);
			embeddedServers.setDestroyMethodName("close");
			this.registry.registerBeanDefinition(EmbeddedServers.BEAN_NAME, embeddedServers);
		}
		RootBeanDefinition budget = BeanDefinitions.of(DatabaseBeans.class, "connectionBudget");
		budget.setDestroyMethodName("close");
		this.registry.registerBeanDefinition("appDbsConnectionBudget", budget);
		this.registry.registerBeanDefinition("appDbsQueryLogs", BeanDefinitions.autowired(QueryLogs.class));
		this.registry.registerBeanDefinition("appDbsAuditTrails", BeanDefinitions.of(AuditBeans.class, "trails"));
	}

	private void registerRelational(List<DeclaredDatabase> databases) {
		if (!databases.isEmpty()) {
			BeanDefinitions.registerInfrastructure(this.registry, "appDbsTransactionManagerPostProcessor",
					BeanDefinitions.autowired(TransactionManagerPostProcessor.class));
			BeanDefinitions.registerInfrastructure(this.registry, "appDbsScriptDependencies",
					new RootBeanDefinition(ScriptDependencies.class));
			databases.forEach((database) -> Relational.register(this, database));
			BeanDefinitions.registerInfrastructure(this.registry, "appDbsNamedDataSources",
					BeanDefinitions.autowired(NamedDataSources.class, this.dataSources));
		}
	}

	private void registerMongo(List<DeclaredDatabase> databases) {
		databases.forEach((database) -> Mongo.register(this, database));
		if (!databases.isEmpty()) {
			Mongo.registerAuditing(this.registry);
		}
	}

	/**
	 * Returns the names of the transaction managers' beans of the relational databases,
	 * by database.
	 * @return the names, available after the beans have been registered
	 */
	public Map<String, String> getRelationalTransactionManagers() {
		Map<String, String> managers = new LinkedHashMap<>(this.transactionManagers);
		managers.keySet().retainAll(this.dataSources.keySet());
		return managers;
	}

	/**
	 * Registers the injection by bean name, after all beans of the databases.
	 */
	public void registerInjection() {
		DatabaseInjectionPostProcessor.register(this.registry, this.beans.getBeanNames());
	}

	/**
	 * Returns the registry for further beans of the databases.
	 * @return the registry
	 */
	public DatabaseBeanRegistry getBeans() {
		return this.beans;
	}

	/**
	 * Lets the first connection of a database wait for it, and not the creation of its
	 * {@link DataSource}, on which a bean is built in the background.
	 * @param database the database
	 */
	public void deferDataSource(DeclaredDatabase database) {
		String dataSource = database.beanName("DataSource");
		if (BeanDefinitions.isCreatedBy(RelationalBeans.class, dataSource, this.registry)) {
			this.registry.getBeanDefinition(dataSource).getConstructorArgumentValues().addIndexedArgumentValue(1, true);
		}
	}

	/**
	 * Registers the dialect of the database that Spring Data JDBC uses by default.
	 * @param databases the databases
	 * @param known matches the databases whose dialect is known
	 */
	public void registerDialect(List<DeclaredDatabase> databases, Predicate<DeclaredDatabase> known) {
		databases.stream()
			.filter((database) -> database.isRelational() && !this.beans.getReplaced().contains(database.name()))
			.filter((database) -> this.beans.roles().derived(database) == CandidateRole.PRIMARY)
			.filter(known)
			.forEach((database) -> DataJdbc.register(this.beans, database));
	}

	/**
	 * Without spring-tx there is nothing to retry. The missing library is reported later.
	 */
	private void registerRetries(List<DeclaredDatabase> mongo) {
		if (!this.transactionManagers.isEmpty()) {
			if (!mongo.isEmpty()) {
				this.registry.registerBeanDefinition("appDbsReactiveTransactionManagers",
						TransactionBeans.defineReactiveManagers(mongo, this.transactionManagers, this.beans.roles()));
			}
			registerRetries();
		}
	}

	/**
	 * Registers the retry of transactions, also if only databases that are added at run
	 * time have some.
	 */
	public void registerRetries() {
		if (!this.registry.containsBeanDefinition(RETRIES)) {
			this.registry.registerBeanDefinition(RETRIES, BeanDefinitions.of(TransactionBeans.class, "retries",
					this.transactionManagers, reference(DatabaseBeanRegistry.LIFECYCLE)));
			registerTransactionPostProcessors(this.registry);
		}
	}

	/**
	 * Registers the post-processors for the transactions of a context, including those on
	 * databases of its parent: transactions are retried, and the names of their managers
	 * are checked.
	 * @param registry the registry
	 */
	public static void registerTransactionPostProcessors(BeanDefinitionRegistry registry) {
		BeanDefinitions.registerInfrastructure(registry, "appDbsTransactionManagerNamePostProcessor",
				BeanDefinitions.autowired(TransactionManagerNamePostProcessor.class));
		BeanDefinitions.registerInfrastructure(registry, "appDbsTransactionRetryPostProcessor",
				BeanDefinitions.of(TransactionBeans.class, "retryPostProcessor"));
		if (repositoriesPresent) {
			BeanDefinitions.registerInfrastructure(registry, "appDbsRepositoryRetryPostProcessor",
					BeanDefinitions.of(TransactionBeans.Repositories.class, "retryPostProcessor"));
		}
	}

	private static RuntimeBeanReference reference(String beanName) {
		return new RuntimeBeanReference(beanName);
	}

	/**
	 * Loaded only if there is a relational database, and therefore spring-jdbc.
	 */
	private static final class Relational {

		static void register(DatabaseBeanDefinitions definitions, DeclaredDatabase database) {
			DatabaseBeanRegistry beans = definitions.beans;
			CandidateRole role = beans.roles().derived(database);
			CandidateRole transactionRole = beans.roles().transaction(database);
			Class<?> factory = RelationalBeans.class;
			String dataSource = beans.registerSource(database, "DataSource", DataSource.class, factory, database.name(),
					false);
			definitions.dataSources.put(database.name(), dataSource);
			String template = beans.register(database, "JdbcTemplate", JdbcTemplate.class, role, factory,
					database.name(), reference(dataSource));
			String named = beans.register(database, "NamedParameterJdbcTemplate", NamedParameterJdbcTemplate.class,
					role, factory, reference(template));
			beans.register(database, "JdbcClient", JdbcClient.class, role, factory, reference(named));
			String manager = beans.register(database, "TransactionManager", PlatformTransactionManager.class,
					transactionRole, factory, database.name(), role == CandidateRole.PRIMARY, reference(dataSource));
			Transactions.register(definitions, database, transactionRole, manager);
			beans.registerAlias(manager, database, "PlatformTransactionManager");
			new JooqBeans.Definitions(beans, database).register(dataSource, template, manager);
		}

	}

	/**
	 * Loaded only if there is a transaction manager, and therefore spring-tx.
	 */
	private static final class Transactions {

		static void register(DatabaseBeanDefinitions definitions, DeclaredDatabase database, CandidateRole role,
				String manager) {
			definitions.beans.register(database, "TransactionTemplate", TransactionTemplate.class, role,
					TransactionBeans.class, database.name(), reference(manager), reference(RETRIES));
			definitions.transactionManagers.put(database.name(), manager);
			if (role == CandidateRole.PRIMARY) {
				// the only name that repositories of Spring Data look up
				definitions.beans.registerAlias(manager, "transactionManager");
			}
		}

	}

	/**
	 * Loaded only if there is Spring Data JDBC.
	 */
	private static final class DataJdbc {

		static void register(DatabaseBeanRegistry beans, DeclaredDatabase database) {
			beans.register(database, "JdbcDialect", JdbcDialect.class, CandidateRole.PRIMARY, DataJdbcBeans.class,
					database.name());
		}

	}

	/**
	 * Loaded only if there is a MongoDB database, and therefore its driver.
	 */
	private static final class Mongo {

		static void register(DatabaseBeanDefinitions definitions, DeclaredDatabase database) {
			DatabaseBeanRegistry beans = definitions.beans;
			CandidateRole role = beans.roles().derived(database);
			CandidateRole transactionRole = beans.roles().transaction(database);
			Class<?> factory = MongoBeans.class;
			String client = beans.registerSource(database, "MongoClient", MongoClient.class, factory, database.name());
			String databaseFactory = beans.register(database, "MongoDatabaseFactory", MongoDatabaseFactory.class, role,
					factory, database.name(), reference(client));
			String model = beans.register(database, "MongoModel", MongoModel.class, CandidateRole.QUALIFIED, factory,
					database.name(), role == CandidateRole.PRIMARY,
					EncryptionBeanDefinitions.isAvailable(definitions.registry, database));
			String converter = beans.register(database, "MongoConverter", MongoConverter.class, role, factory,
					reference(databaseFactory), reference(model));
			String template = beans.register(database, "MongoTemplate", MongoTemplate.class, role, factory,
					reference(databaseFactory), reference(converter));
			String manager = beans.register(database, "TransactionManager", PlatformTransactionManager.class,
					transactionRole, factory, database.name(), reference(client), reference(databaseFactory),
					reference(RETRIES));
			Transactions.register(definitions, database, transactionRole, manager);
			beans.registerAlias(manager, database, "MongoTransactionManager");
			if (role == CandidateRole.PRIMARY) {
				beans.registerAlias(template, "mongoTemplate");
			}
		}

		static void registerAuditing(BeanDefinitionRegistry registry) {
			AuditingPostProcessor.register(registry, "mongoAuditingHandler", "mongoMappingContext",
					BeanDefinitions.of(MongoBeans.class, "auditingMappingContext"));
		}

	}

}
