package io.appdbs.bean;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.audit.rows.RowAuditVerification;
import io.appdbs.audit.unit.AuditTrails;
import io.appdbs.backup.check.BackupObservations;
import io.appdbs.bean.mongo.MongoPreparations;
import io.appdbs.bean.mongo.UnusedMongoMigrations;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.bean.service.DatabaseServicesFactory;
import io.appdbs.bean.service.SslBeans;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.config.RuntimeDefinitions;
import io.appdbs.config.RuntimeSettingsBinding;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.embedded.DatabaseTemplate;
import io.appdbs.embedded.DatabaseTemplates;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engines;
import io.appdbs.jdbc.ConnectionLimitCheck;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import io.appdbs.jdbc.ReplicationLags;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.jdbc.budget.Limit;
import io.appdbs.jdbc.schema.RequiredTables;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.maintenance.partition.PartitionPreparation;
import io.appdbs.maintenance.partition.Partitions;
import io.appdbs.migration.ScriptPreparation;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.mongo.command.CommandLogs;
import io.appdbs.privilege.PrivilegeVerification;
import io.appdbs.query.QueryLogs;
import io.appdbs.rls.verify.RlsVerification;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RuntimeSettings;
import io.appdbs.ssl.DatabaseSsl;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.mongodb.autoconfigure.StandardMongoClientSettingsBuilderCustomizer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Creates the beans that all databases share.
 */
final class DatabaseBeans {

	private static final boolean bootMongoPresent = ClassUtils.isPresent(
			"org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer",
			DatabaseBeans.class.getClassLoader());

	private DatabaseBeans() {
	}

	static EmbeddedServers embeddedServers() {
		return new EmbeddedServers(DatabaseBeans.class.getClassLoader());
	}

	/**
	 * Creates the limit on the connections of databases that are added at run time.
	 */
	static ConnectionBudget connectionBudget(Environment environment) {
		RuntimeSettings settings = RuntimeSettingsBinding.bind(environment);
		return new ConnectionBudget(
				new Limit(ConfiguredSources.RUNTIME + ".max-connections", settings.maxConnections()),
				new Limit(ConfiguredSources.RUNTIME + ".max-connecting", settings.maxConnecting()),
				ConnectionBudget.DEFAULT_SHORTEST_STAY);
	}

	/**
	 * Binds all databases, then starts to open them.
	 */
	static DatabaseLifecycle lifecycle(Map<String, DatabaseKind> kinds, Set<String> replaced, List<String> reactive,
			List<String> encrypted, List<String> cached, Environment environment,
			ObjectProvider<EmbeddedServers> servers, ObjectProvider<DatabasePreparation> preparations,
			QueryLogs queryLogs, AuditTrails auditTrails, ConnectionBudget budget,
			ConfigurableListableBeanFactory beanFactory, ApplicationEventPublisher events) {
		Map<String, DisabledDatabase> disabled = DisabledDatabase.findAll(environment);
		kinds.keySet().stream().map(disabled::get).filter(Objects::nonNull).forEach(DefinedDatabases::rejectDisabled);
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		Map<String, DatabaseDefinition> bound = DatabaseSettingsBinder.bind(environment, List.copyOf(kinds.keySet()),
				classLoader);
		List<DatabaseDefinition> databases = kinds.keySet().stream().map(bound::get).toList();
		new DefinedDatabases(kinds, reactive, encrypted, cached).verify(databases);
		databases.stream()
			.filter((database) -> replaced.contains(database.name()))
			.forEach(ReplacedDatabases::validate);
		databases.forEach((database) -> BackupBeans.validate(database, beanFactory));
		new UnusedMongoMigrations(databases, replaced, environment, beanFactory).check();
		List<DatabasePreparation> steps = preparations.orderedStream().toList();
		List<DatabaseDefinition> definitions = bound.values()
			.stream()
			.map((definition) -> (isEmbedded(definition) && !replaced.contains(definition.name()))
					? defineEmbedded(definition, servers, steps) : definition)
			.toList();
		Engines engines = Engines.load(classLoader);
		Partitions partitions = new Partitions(engines, Clock.systemUTC());
		Connectors connectors = new Connectors(
				new JdbcDatabaseConnector.Shared(engines, prepare(steps, definitions, partitions, classLoader),
						new ConnectionLimitCheck(relational(definitions, replaced)), new ReplicationLags()),
				replaced, queryLogs, auditTrails, prepareMongo(definitions, replaced, beanFactory), false, beanFactory);
		Map<String, DatabaseCredentialsProvider> credentials = CredentialsBeans.find(databases, replaced, beanFactory);
		definitions.forEach((definition) -> inherit(credentials, definition));
		Map<String, String> reasons = new LinkedHashMap<>();
		disabled
			.forEach((name, database) -> reasons.put(name, "%s %s.".formatted(database.reason(), database.advice())));
		RuntimeSettings runtime = RuntimeSettingsBinding.bind(environment);
		RuntimeDefinitions added = new RuntimeDefinitions(environment, classLoader);
		// before anything is opened, which nobody would close
		added.validateTemplate();
		Map<String, DatabaseSsl> bundles = SslBeans.open(definitions, replaced, beanFactory);
		DatabaseLifecycle lifecycle = new DatabaseLifecycle(
				definitions.stream().map((definition) -> SslBeans.apply(definition, bundles)).toList(), reasons,
				credentials, connectors::create,
				new DatabaseServicesFactory(partitions, new BackupObservations(Clock.systemUTC()), queryLogs, bundles,
						(type, database) -> UserBeans.findQualified(beanFactory, type, database))::create,
				events::publishEvent);
		lifecycle.permitRuntime(runtime, new RuntimeBeans(budget, added, connectors, environment, lifecycle));
		return lifecycle;
	}

	/**
	 * Returns all steps, in their order. Scripts need spring-jdbc, which is present if
	 * there is a relational database.
	 */
	static List<DatabasePreparation> prepare(List<DatabasePreparation> steps, List<DatabaseDefinition> definitions,
			Partitions partitions, @Nullable ClassLoader classLoader) {
		List<DatabasePreparation> all = new ArrayList<>(steps);
		if (definitions.stream().anyMatch((definition) -> definition.engine().getKind() == DatabaseKind.RELATIONAL)) {
			all.add(new ScriptPreparation(classLoader));
		}
		all.add(new PartitionPreparation(partitions));
		all.add(new RequiredTables());
		all.add(new RlsVerification());
		all.add(new RowAuditVerification());
		all.add(new PrivilegeVerification());
		return all;
	}

	private static Map<String, List<MongoPreparation>> prepareMongo(List<DatabaseDefinition> definitions,
			Set<String> replaced, ConfigurableListableBeanFactory beanFactory) {
		return definitions.stream().anyMatch((definition) -> definition.engine().getKind() == DatabaseKind.MONGODB)
				? MongoPreparations.createAll(definitions, replaced, beanFactory) : Map.of();
	}

	private static List<String> relational(List<DatabaseDefinition> definitions, Set<String> replaced) {
		return definitions.stream()
			.filter((definition) -> definition.engine().getKind() == DatabaseKind.RELATIONAL)
			.map(DatabaseDefinition::name)
			.filter((name) -> !replaced.contains(name))
			.toList();
	}

	/**
	 * Lets replicas without their own password use the credentials of their database when
	 * these change.
	 */
	private static void inherit(Map<String, DatabaseCredentialsProvider> credentials, DatabaseDefinition replica) {
		DatabaseCredentialsProvider provider = credentials.get(replica.primaryName());
		if (replica.replicaOf() != null && provider != null && replica.connectionDetails().get().password() == null) {
			credentials.put(replica.name(), new InheritedCredentials(replica.replicaOf(), provider));
		}
	}

	private static boolean isEmbedded(DatabaseDefinition definition) {
		return EmbeddedServers.isEmbedded(String.valueOf(definition.settings().url()));
	}

	/**
	 * Defines a database on an embedded server, which has its own login and is started
	 * when the connection details are supplied. It is not started if a bean of the
	 * application replaces the database, because the starter does not connect to it.
	 */
	private static DatabaseDefinition defineEmbedded(DatabaseDefinition database,
			ObjectProvider<EmbeddedServers> provider, List<DatabasePreparation> steps) {
		// resolved here, since the thread of the database must not call the bean factory
		EmbeddedServers servers = provider.getObject();
		String url = String.valueOf(database.settings().url());
		DatabaseDefinition template = database.with(database.settings().withCredentials(null, null),
				database.connectionDetails());
		return template.with(template.settings(),
				() -> database.engine().resolve(servers.getUrl(url, database.name(), findTemplate(template, steps))));
	}

	private static @Nullable DatabaseTemplate findTemplate(DatabaseDefinition definition,
			List<DatabasePreparation> steps) {
		return steps.stream()
			.filter(DatabaseTemplates.class::isInstance)
			.map((step) -> ((DatabaseTemplates) step).getTemplate(definition))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Creates the connectors of databases. A database that a bean of the application
	 * replaces is not opened a second time.
	 */
	record Connectors(JdbcDatabaseConnector.Shared shared, Set<String> replaced, QueryLogs queryLogs,
			AuditTrails auditTrails, Map<String, List<MongoPreparation>> preparations, boolean runtime,
			ConfigurableListableBeanFactory beanFactory) {

		/**
		 * Returns what creates the connector of a database that is added at run time.
		 * Nothing that is shared keeps a reference to it.
		 */
		Connectors forRuntime(DatabaseDefinition definition, List<DatabasePreparation> steps) {
			return new Connectors(
					new JdbcDatabaseConnector.Shared(this.shared.engines(), steps,
							new ConnectionLimitCheck(List.of(definition.name())), new ReplicationLags()),
					Set.of(), this.queryLogs, this.auditTrails, prepareMongo(definition), true, this.beanFactory);
		}

		private Map<String, List<MongoPreparation>> prepareMongo(DatabaseDefinition definition) {
			return (definition.engine().getKind() == DatabaseKind.MONGODB)
					? Map.of(definition.name(),
							MongoPreparations.createForRuntime(definition, this.beanFactory.getBeanClassLoader()))
					: Map.of();
		}

		DatabaseConnector create(DatabaseDefinition definition, DatabaseAvailability availability) {
			if (this.replaced.contains(definition.name())) {
				return new UserBeanConnector(definition);
			}
			return (definition.engine().getKind() == DatabaseKind.RELATIONAL)
					? new JdbcDatabaseConnector(definition, availability, this.shared)
					: Mongo.connector(definition, availability, this);
		}

	}

	/**
	 * Supplies the credentials of a database for its replica.
	 */
	private record InheritedCredentials(String database,
			DatabaseCredentialsProvider provider) implements DatabaseCredentialsProvider {

		@Override
		public @Nullable DatabaseCredentials getCredentials(String replica) throws Exception {
			return this.provider.getCredentials(this.database);
		}

		@Override
		public @Nullable DatabaseCredentials getCredentials(String replica, String host, int port) throws Exception {
			return this.provider.getCredentials(this.database, host, port);
		}

	}

	private static final class Mongo {

		static DatabaseConnector connector(DatabaseDefinition definition, DatabaseAvailability availability,
				Connectors connectors) {
			CommandLogs logs = new CommandLogs(connectors.queryLogs().get(definition),
					connectors.auditTrails().get(definition));
			List<MongoPreparation> preparations = connectors.preparations().getOrDefault(definition.name(), List.of());
			List<MongoDatabaseConnector.Customizer> customizers = findCustomizers(connectors.beanFactory());
			if (connectors.runtime()) {
				return MongoDatabaseConnector.onDemand(definition, availability,
						customizers.stream().map(Mongo::forRuntime).toList(), logs, preparations);
			}
			return new MongoDatabaseConnector(definition, availability, customizers, logs, preparations);
		}

		private static List<MongoDatabaseConnector.Customizer> findCustomizers(ListableBeanFactory beanFactory) {
			List<MongoDatabaseConnector.Customizer> customizers = new ArrayList<>();
			if (bootMongoPresent) {
				customizers.addAll(BootMongo.customizers(beanFactory));
			}
			beanFactory.getBeanProvider(MongoDatabaseConnector.Customizer.class)
				.orderedStream()
				.forEach(customizers::add);
			return customizers;
		}

		private static MongoDatabaseConnector.Customizer forRuntime(MongoDatabaseConnector.Customizer customizer) {
			return customizer::customizeRuntime;
		}

	}

	/**
	 * The application's customizers of Boot's client apply to all clients, except for
	 * those of Boot: one sets the address of Boot's server, another one creates threads
	 * for each client and ends those of the last one only.
	 */
	private static final class BootMongo {

		private static final String NETTY = "org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration$NettyDriverMongoClientSettingsBuilderCustomizer";

		static List<MongoDatabaseConnector.Customizer> customizers(ListableBeanFactory beanFactory) {
			ObjectProvider<MongoClientSettingsBuilderCustomizer> all = beanFactory
				.getBeanProvider(MongoClientSettingsBuilderCustomizer.class);
			return all.orderedStream()
				.filter((customizer) -> !(customizer instanceof StandardMongoClientSettingsBuilderCustomizer))
				.filter((customizer) -> !NETTY.equals(customizer.getClass().getName()))
				.map((customizer) -> (MongoDatabaseConnector.Customizer) (database, builder) -> customizer
					.customize(builder))
				.toList();
		}

	}

}
