package io.appdbs.bean;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.appdbs.Database;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.bean.DatabaseBeans.Connectors;
import io.appdbs.bean.mongo.RuntimeMongoObjects;
import io.appdbs.bean.service.DatabaseServicesFactory;
import io.appdbs.bean.service.SslBeans;
import io.appdbs.config.RuntimeDefinitions;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.jdbc.budget.DatabaseBudget;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.DatabaseServices;
import io.appdbs.lifecycle.RuntimeDatabaseFactory;
import io.appdbs.maintenance.partition.Partitions;
import io.appdbs.migration.FlywayPreparation;
import io.appdbs.migration.LiquibasePreparation;
import io.appdbs.migration.MigrationBeans;
import io.appdbs.migration.MigrationFiles;
import io.appdbs.query.QueryLog;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.LiquibaseSettings;
import io.appdbs.ssl.DatabaseSsl;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Creates the parts of databases that are added at run time. They have no bean
 * definitions: a {@link Database} hands out its objects.
 */
final class RuntimeBeans implements RuntimeDatabaseFactory {

	private final RuntimeDefinitions definitions;

	private final Connectors connectors;

	private final Environment environment;

	private final DatabaseLifecycle lifecycle;

	private final Partitions partitions;

	private final boolean flywayPresent;

	private final boolean liquibasePresent;

	private final Supplier<MigrationFiles> files;

	/** By the name of the database. */
	private final Map<String, DatabaseSsl> bundles = new ConcurrentHashMap<>();

	/** By the name of the database. */
	private final Map<String, DatabaseBudget> budgets = new ConcurrentHashMap<>();

	private final ConnectionBudget budget;

	private final Supplier<RuntimeMongoObjects> mongo = SingletonSupplier
		.of(() -> new RuntimeMongoObjects(beanFactory()));

	RuntimeBeans(ConnectionBudget budget, RuntimeDefinitions definitions, Connectors connectors,
			Environment environment, DatabaseLifecycle lifecycle) {
		this.budget = budget;
		this.definitions = definitions;
		this.connectors = connectors;
		this.environment = environment;
		this.lifecycle = lifecycle;
		this.partitions = new Partitions(connectors.shared().engines(), Clock.systemUTC());
		ClassLoader classLoader = beanFactory().getBeanClassLoader();
		this.flywayPresent = ClassUtils.isPresent("org.flywaydb.core.Flyway", classLoader);
		this.liquibasePresent = ClassUtils.isPresent("liquibase.integration.spring.SpringLiquibase", classLoader);
		// searches the class path, which most applications do not need
		this.files = SingletonSupplier.of(() -> MigrationFiles.find(classLoader));
	}

	private ConfigurableListableBeanFactory beanFactory() {
		return this.connectors.beanFactory();
	}

	@Override
	public DatabaseDefinition define(String name, RuntimeDatabaseSettings settings) {
		DatabaseDefinition definition = this.definitions.define(name, settings);
		Map<String, DatabaseSsl> bundle = SslBeans.open(List.of(definition), Set.of(), beanFactory());
		this.bundles.putAll(bundle);
		if (definition.engine().getKind() == DatabaseKind.RELATIONAL) {
			DatabaseBudget budget = this.budget.add(name);
			this.budgets.put(name, budget);
			definition = definition.withAdmission(budget);
		}
		return SslBeans.apply(definition, bundle);
	}

	@Override
	public @Nullable DatabaseCredentialsProvider findCredentials(DatabaseDefinition definition) {
		return CredentialsBeans.find(definition,
				this.lifecycle.getConfigured().stream().map(Database::getName).collect(Collectors.toSet()),
				beanFactory());
	}

	@Override
	public DatabaseConnector createConnector(DatabaseDefinition definition, DatabaseAvailability availability) {
		return this.connectors.forRuntime(definition, prepare(definition)).create(definition, availability);
	}

	/**
	 * Returns the steps of a database. The connector has its own, so that nothing of a
	 * database is left when it is removed.
	 */
	private List<DatabasePreparation> prepare(DatabaseDefinition definition) {
		List<DatabasePreparation> steps = new ArrayList<>();
		ClassLoader classLoader = beanFactory().getBeanClassLoader();
		if (definition.engine().getKind() == DatabaseKind.RELATIONAL) {
			if (isMigratedByFlyway(definition)) {
				steps.add(Flyways.create(definition.name(), classLoader));
			}
			if (isMigratedByLiquibase(definition)) {
				steps.add(Liquibases.create(definition.name(), classLoader));
			}
		}
		return DatabaseBeans.prepare(steps, List.of(definition), this.partitions, classLoader);
	}

	/**
	 * As other databases, one with a location is migrated, and one whose name is that of
	 * a folder with migrations.
	 */
	private boolean isMigratedByFlyway(DatabaseDefinition definition) {
		Map<String, String> options = definition.settings().flyway();
		return this.flywayPresent && !"false".equalsIgnoreCase(options.getOrDefault("enabled", "true").trim())
				&& (options.containsKey("locations") || this.files.get().hasAnyOf(definition.name()));
	}

	private boolean isMigratedByLiquibase(DatabaseDefinition definition) {
		LiquibaseSettings settings = definition.settings().liquibase();
		return this.liquibasePresent && settings.enabled() && settings.changeLog() != null;
	}

	@Override
	public DatabaseServices createServices(DatabaseAccess database) {
		RuntimeObjects objects = createObjects(database);
		return new DatabaseServicesFactory(this.partitions, null, this.connectors.queryLogs(), this.bundles,
				(type, name) -> objects.find(type))
			.create(database);
	}

	private RuntimeObjects createObjects(DatabaseAccess database) {
		DatabaseDefinition definition = database.getDefinition();
		if (definition.engine().getKind() == DatabaseKind.MONGODB) {
			return RuntimeObjects.mongo(database, this.mongo);
		}
		// now and not by the first use, which can be after the removal
		QueryLog queryLog = this.connectors.queryLogs().get(definition);
		AuditTrail auditTrail = this.connectors.auditTrails().get(definition);
		return RuntimeObjects.relational(database, new RelationalBeans.Layers(queryLog, auditTrail, beanFactory()),
				this.environment);
	}

	@Override
	public void forget(String name) {
		DatabaseSsl ssl = this.bundles.remove(name);
		if (ssl != null) {
			// closed with the services, unless the database could not be added
			ssl.close();
		}
		DatabaseBudget budget = this.budgets.remove(name);
		if (budget != null) {
			budget.close();
		}
		this.connectors.queryLogs().remove(name);
		this.connectors.auditTrails().remove(name);
	}

	/**
	 * Loaded only if a database is migrated, and therefore Flyway.
	 */
	private static final class Flyways {

		static DatabasePreparation create(String name, @Nullable ClassLoader classLoader) {
			return new FlywayPreparation(Map.of(name, new MigrationBeans(List.of(), List.of(), List.of())),
					classLoader);
		}

	}

	/**
	 * Loaded only if a database has a changelog, and therefore Liquibase.
	 */
	private static final class Liquibases {

		static DatabasePreparation create(String name, @Nullable ClassLoader classLoader) {
			return new LiquibasePreparation(Map.of(name, List.of()), classLoader);
		}

	}

}
