package io.appdbs.bean;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.mongo.MongoAuditing;
import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
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
 * The bean definitions of all databases. Factory methods are static and arguments plain
 * values or references, so that ahead-of-time processing can write them down.
 */
public final class DatabaseBeanDefinitions {

	static final String LIFECYCLE = "appDbsLifecycle";

	/**
	 * The bean that retries transactions.
	 */
	public static final String RETRIES = "appDbsTransactionRetries";

	/**
	 * The bean with the Flyway instances of all databases.
	 */
	public static final String MIGRATIONS = "appDbsMigrations";

	private static final String EXPLICIT_DEPENDENCIES = "appDbsExplicitDependencies";

	private static final boolean repositoriesPresent = isPresent(
			"org.springframework.data.repository.core.support.TransactionalRepositoryFactoryBeanSupport");

	/**
	 * Whether JPA is on the class path.
	 */
	public static final boolean jpaPresent = isPresent("jakarta.persistence.EntityManagerFactory")
			&& isPresent("org.springframework.orm.jpa.JpaTransactionManager");

	private static final boolean schemaManagementPresent = isPresent("org.flywaydb.core.Flyway")
			&& isPresent("org.springframework.boot.jdbc.SchemaManagementProvider");

	/**
	 * Whether Spring Data JDBC is on the class path.
	 */
	public static final boolean dataJdbcPresent = isPresent("org.springframework.data.jdbc.core.dialect.JdbcDialect");

	private final BeanDefinitionRegistry registry;

	private final UserBeans userBeans;

	private final CandidateRoles roles;

	private final Set<String> replaced = new LinkedHashSet<>();

	private final Map<String, String> dataSources = new LinkedHashMap<>();

	private final Map<String, String> flyways = new LinkedHashMap<>();

	private final Map<String, String> transactionManagers = new LinkedHashMap<>();

	private final Set<String> beanNames = new LinkedHashSet<>();

	/**
	 * Create new {@link DatabaseBeanDefinitions}.
	 * @param registry where to register them
	 * @param userBeans the beans of the application
	 * @param roles the roles of the databases
	 * @param namedFactories the beans of the application that have been given such a
	 * role, which an injection point that is named after one gets
	 */
	public DatabaseBeanDefinitions(BeanDefinitionRegistry registry, UserBeans userBeans, CandidateRoles roles,
			Set<String> namedFactories) {
		this.registry = registry;
		this.userBeans = userBeans;
		this.roles = roles;
		this.beanNames.addAll(namedFactories);
	}

	/**
	 * Register the beans of all databases.
	 * @param databases the databases
	 * @param migrated tells which of them have migrations
	 * @param bootMigrates whether Boot's Flyway is the default one
	 */
	public void register(List<DeclaredDatabase> databases, Predicate<DeclaredDatabase> migrated, boolean bootMigrates) {
		// first, so that the databases open while other beans are being created
		RootBeanDefinition lifecycle = definition(DatabaseBeans.class, "lifecycle");
		this.registry.registerBeanDefinition(LIFECYCLE, lifecycle);
		RootBeanDefinition settings = definition(SettingsBeans.class, "settings");
		settings.setLazyInit(true);
		settings.setAutowireCandidate(false);
		this.registry.registerBeanDefinition("appDbsSettings", settings);
		registerEmbeddedServers();
		this.registry.registerBeanDefinition("appDbsQueryLogs", definition(DatabaseBeans.class, "queryLogs"));
		if (databases.stream().anyMatch(DeclaredDatabase::isRelational)) {
			RootBeanDefinition postProcessor = definition(ReplicaBeans.class, "transactionManagerPostProcessor");
			postProcessor.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
			this.registry.registerBeanDefinition("appDbsTransactionManagerPostProcessor", postProcessor);
		}
		databases.stream().filter(DeclaredDatabase::isRelational).forEach((each) -> Relational.register(this, each));
		databases.stream().filter((each) -> !each.isRelational()).forEach((each) -> Mongo.register(this, each));
		if (databases.stream().anyMatch((each) -> !each.isRelational())) {
			Mongo.registerAuditing(this.registry);
		}
		registerRetries();
		if (!this.dataSources.isEmpty()) {
			registerPersistence();
		}
		databases.stream().filter(migrated).forEach((database) -> Migrations.register(this, database, bootMigrates));
		if (!this.flyways.isEmpty()) {
			Migrations.registerShared(this);
		}
		DatabaseInjectionPostProcessor.register(this.registry, this.beanNames);
		RootBeanDefinition unused = new RootBeanDefinition(UnusedMigrations.class);
		unused.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		addArguments(unused, this.flyways.keySet().toArray(String[]::new), this.flyways.values().toArray(String[]::new),
				reference(LIFECYCLE));
		this.registry.registerBeanDefinition("appDbsUnusedMigrations", unused);
		Map<String, DatabaseKind> kinds = new LinkedHashMap<>();
		databases.forEach((database) -> kinds.put(database.name(), database.kind()));
		addArguments(lifecycle, kinds, this.replaced);
	}

	/**
	 * Register what relates the application's persistence to the databases.
	 */
	private void registerPersistence() {
		String[] names = this.dataSources.keySet().toArray(String[]::new);
		registerInfrastructure(this.registry, "appDbsNamedDataSources",
				autowired(NamedDataSources.class, names, this.dataSources.values().toArray(String[]::new)));
		if (jpaPresent) {
			registerJpa(names);
		}
		if (schemaManagementPresent) {
			registerInfrastructure(this.registry, "appDbsSchemaManagementProvider",
					autowired(DatabaseSchemaManagementProvider.class));
		}
	}

	private void registerJpa(String[] names) {
		String[] managers = Stream.of(names).map(this.transactionManagers::get).toArray(String[]::new);
		JpaBeanDefinitions.register(this.registry, names, managers,
				Stream.of(managers).filter((each) -> !isOurs(each)).toArray(String[]::new));
	}

	/**
	 * A context of tests has been given shared ones.
	 */
	private void registerEmbeddedServers() {
		if (!this.registry.containsBeanDefinition(EmbeddedServers.BEAN_NAME)) {
			RootBeanDefinition embeddedServers = definition(DatabaseBeans.class, "embeddedServers");
			embeddedServers.setLazyInit(true);
			embeddedServers.setDestroyMethodName("close");
			this.registry.registerBeanDefinition(EmbeddedServers.BEAN_NAME, embeddedServers);
		}
	}

	/**
	 * Register the dialect of the database that Spring Data JDBC is on by default.
	 * @param databases the databases
	 * @param known whether the dialect of a database is known
	 */
	public void registerDialect(List<DeclaredDatabase> databases, Predicate<DeclaredDatabase> known) {
		databases.stream()
			.filter((database) -> database.isRelational() && !this.replaced.contains(database.name()))
			.filter((database) -> this.roles.derived(database) == CandidateRole.PRIMARY)
			.filter(known)
			.forEach((database) -> DataJdbc.register(this, database));
	}

	/**
	 * Without spring-tx there is nothing to retry, and what is missing is told later.
	 */
	private void registerRetries() {
		if (!this.transactionManagers.isEmpty()) {
			this.registry.registerBeanDefinition(RETRIES,
					definition(TransactionBeans.class, "retries",
							this.transactionManagers.keySet().toArray(String[]::new),
							this.transactionManagers.values().toArray(String[]::new), reference(LIFECYCLE)));
			registerTransactionPostProcessors(this.registry);
		}
	}

	/**
	 * Register what the transactions of a context need, those of databases of its parent
	 * included: they are retried, and the names of their managers are checked.
	 * @param registry the registry
	 */
	public static void registerTransactionPostProcessors(BeanDefinitionRegistry registry) {
		registerInfrastructure(registry, "appDbsTransactionManagerNamePostProcessor",
				definition(TransactionBeans.class, "namePostProcessor"));
		registerInfrastructure(registry, "appDbsTransactionRetryPostProcessor",
				definition(TransactionBeans.class, "retryPostProcessor"));
		if (repositoriesPresent) {
			registerInfrastructure(registry, "appDbsRepositoryRetryPostProcessor",
					definition(TransactionBeans.Repositories.class, "retryPostProcessor"));
		}
	}

	static void registerInfrastructure(BeanDefinitionRegistry registry, String name, RootBeanDefinition definition) {
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		registry.registerBeanDefinition(name, definition);
	}

	/**
	 * Register a bean unless the application defines it itself.
	 * @return the name of the bean, ours or the application's
	 */
	private String register(DeclaredDatabase database, String suffix, Class<?> type, CandidateRole role,
			Class<?> factory, Object... arguments) {
		String beanName = database.beanName(suffix);
		this.beanNames.add(beanName);
		String userBean = this.userBeans.find(database, type, beanName);
		if (userBean != null) {
			registerAlias(userBean, beanName);
			return userBean;
		}
		RootBeanDefinition definition = definition(factory, factoryMethod(suffix), arguments);
		// created when something asks for it: the life cycle waits for the databases
		// anyway
		definition.setLazyInit(true);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, database.name()));
		role.applyTo(definition);
		this.registry.registerBeanDefinition(beanName, definition);
		return beanName;
	}

	private boolean isOurs(String transactionManager) {
		return this.registry.containsBeanDefinition(transactionManager) && RelationalBeans.class.getName()
			.equals(this.registry.getBeanDefinition(transactionManager).getBeanClassName());
	}

	private String registerSource(DeclaredDatabase database, String suffix, Class<?> type, Class<?> factory) {
		if (this.userBeans.find(database, type, database.beanName(suffix)) != null) {
			this.replaced.add(database.name());
		}
		return register(database, suffix, type, this.roles.source(database), factory, database.name());
	}

	/**
	 * Let Boot's and Spring Data's look-ups by a well-known name find the primary one.
	 */
	private void registerAlias(String beanName, String alias) {
		if (!this.registry.containsBeanDefinition(alias) && !this.registry.isAlias(alias)) {
			this.registry.registerAlias(beanName, alias);
		}
	}

	private void registerAlias(String beanName, DeclaredDatabase database, String suffix) {
		this.beanNames.add(database.beanName(suffix));
		registerAlias(beanName, database.beanName(suffix));
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, DatabaseBeanDefinitions.class.getClassLoader());
	}

	private static String factoryMethod(String suffix) {
		return Character.toLowerCase(suffix.charAt(0)) + suffix.substring(1);
	}

	private static RootBeanDefinition definition(Class<?> factory, String method, Object... arguments) {
		RootBeanDefinition definition = new RootBeanDefinition(factory);
		definition.setFactoryMethodName(method);
		definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		// the life cycle owns what it opened: no bean closes it on its own
		definition.setDestroyMethodName("");
		addArguments(definition, arguments);
		return definition;
	}

	static RootBeanDefinition autowired(Class<?> type, Object... arguments) {
		RootBeanDefinition definition = new RootBeanDefinition(type);
		definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		addArguments(definition, arguments);
		return definition;
	}

	private static void addArguments(RootBeanDefinition definition, Object... arguments) {
		for (int i = 0; i < arguments.length; i++) {
			definition.getConstructorArgumentValues().addIndexedArgumentValue(i, arguments[i]);
		}
	}

	private static RuntimeBeanReference reference(String beanName) {
		return new RuntimeBeanReference(beanName);
	}

	/**
	 * Loaded only where there is a relational database, and so spring-jdbc.
	 */
	private static final class Relational {

		static void register(DatabaseBeanDefinitions definitions, DeclaredDatabase database) {
			CandidateRole role = definitions.roles.derived(database);
			CandidateRole transactionRole = definitions.roles.transaction(database);
			Class<?> factory = RelationalBeans.class;
			String dataSource = definitions.registerSource(database, "DataSource", DataSource.class, factory);
			definitions.dataSources.put(database.name(), dataSource);
			String template = definitions.register(database, "JdbcTemplate", JdbcTemplate.class, role, factory,
					database.name(), reference(dataSource));
			String named = definitions.register(database, "NamedParameterJdbcTemplate",
					NamedParameterJdbcTemplate.class, role, factory, reference(template));
			definitions.register(database, "JdbcClient", JdbcClient.class, role, factory, reference(named));
			String manager = definitions.register(database, "TransactionManager", PlatformTransactionManager.class,
					transactionRole, factory, database.name(), role == CandidateRole.PRIMARY, reference(dataSource));
			Transactions.register(definitions, database, transactionRole, manager);
			definitions.registerAlias(manager, database, "PlatformTransactionManager");
		}

	}

	/**
	 * Loaded only where there is a transaction manager, and so spring-tx.
	 */
	private static final class Transactions {

		static void register(DatabaseBeanDefinitions definitions, DeclaredDatabase database, CandidateRole role,
				String manager) {
			definitions.register(database, "TransactionTemplate", TransactionTemplate.class, role,
					TransactionBeans.class, database.name(), reference(manager), reference(RETRIES));
			definitions.transactionManagers.put(database.name(), manager);
			if (role == CandidateRole.PRIMARY) {
				// repositories of Spring Data look nowhere else
				definitions.registerAlias(manager, "transactionManager");
			}
		}

	}

	/**
	 * Loaded only where there is Spring Data JDBC.
	 */
	private static final class DataJdbc {

		static void register(DatabaseBeanDefinitions definitions, DeclaredDatabase database) {
			definitions.register(database, "JdbcDialect", JdbcDialect.class, CandidateRole.PRIMARY, DataJdbcBeans.class,
					database.name());
		}

	}

	/**
	 * Loaded only where there is a database to migrate, and so Flyway.
	 */
	private static final class Migrations {

		static void register(DatabaseBeanDefinitions definitions, DeclaredDatabase database, boolean bootMigrates) {
			if (definitions.replaced.contains(database.name())) {
				// the application's own connections are not known here
				return;
			}
			CandidateRole role = bootMigrates ? CandidateRole.QUALIFIED : definitions.roles.derived(database);
			String beanName = definitions.register(database, "Flyway", Flyway.class, role, FlywayBeans.class,
					database.name(), reference(MIGRATIONS));
			if (beanName.equals(database.beanName("Flyway"))) {
				definitions.flyways.put(database.name(), beanName);
			}
		}

		static void registerShared(DatabaseBeanDefinitions definitions) {
			RootBeanDefinition migrations = definition(FlywayBeans.class, "migrations",
					(Object) definitions.flyways.keySet().toArray(String[]::new));
			migrations.setLazyInit(true);
			definitions.registry.registerBeanDefinition(MIGRATIONS, migrations);
			definitions.registry.registerBeanDefinition(EXPLICIT_DEPENDENCIES,
					new RootBeanDefinition(ExplicitDependencies.class));
			RootBeanDefinition dependencies = new RootBeanDefinition(FlywayDependencies.class);
			addArguments(dependencies, definitions.flyways.values().toArray(String[]::new),
					reference(EXPLICIT_DEPENDENCIES));
			definitions.registry.registerBeanDefinition("appDbsFlywayDependencies", dependencies);
		}

	}

	/**
	 * Loaded only where there is a MongoDB database, and so its driver.
	 */
	private static final class Mongo {

		static void register(DatabaseBeanDefinitions definitions, DeclaredDatabase database) {
			CandidateRole role = definitions.roles.derived(database);
			CandidateRole transactionRole = definitions.roles.transaction(database);
			Class<?> factory = MongoBeans.class;
			String client = definitions.registerSource(database, "MongoClient", MongoClient.class, factory);
			String databaseFactory = definitions.register(database, "MongoDatabaseFactory", MongoDatabaseFactory.class,
					role, factory, database.name(), reference(client));
			String converter = definitions.register(database, "MongoConverter", MongoConverter.class, role, factory,
					role == CandidateRole.PRIMARY, reference(databaseFactory));
			String template = definitions.register(database, "MongoTemplate", MongoTemplate.class, role, factory,
					reference(databaseFactory), reference(converter));
			String manager = definitions.register(database, "TransactionManager", PlatformTransactionManager.class,
					transactionRole, factory, database.name(), reference(client), reference(databaseFactory),
					reference(RETRIES));
			Transactions.register(definitions, database, transactionRole, manager);
			definitions.registerAlias(manager, database, "MongoTransactionManager");
			if (role == CandidateRole.PRIMARY) {
				definitions.registerAlias(template, "mongoTemplate");
			}
		}

		static void registerAuditing(BeanDefinitionRegistry registry) {
			RootBeanDefinition context = definition(MongoBeans.class, "auditingMappingContext");
			context.setLazyInit(true);
			// Boot's own would make way for it
			context.setAutowireCandidate(false);
			registerInfrastructure(registry, MongoAuditing.MAPPING_CONTEXT, context);
			registerInfrastructure(registry, "appDbsMongoAuditing", new RootBeanDefinition(MongoAuditing.class));
		}

	}

}
