package io.appdbs.bean.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

import io.appdbs.backup.BackupReporter;
import io.appdbs.backup.check.ArchiveSource;
import io.appdbs.backup.check.BackupObservations;
import io.appdbs.backup.check.DatabaseBackups;
import io.appdbs.cache.DatabaseCacheManager;
import io.appdbs.cache.DatabaseCaches;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.inspection.support.DatabaseInspection;
import io.appdbs.inspection.support.InspectionSchedule;
import io.appdbs.inspection.support.InspectionSession;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import io.appdbs.jdbc.inspection.JdbcInspectionSessionFactory;
import io.appdbs.jdbc.maintenance.JdbcMaintenanceSessionFactory;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.lifecycle.DatabaseServices;
import io.appdbs.maintenance.partition.PartitionSchedule;
import io.appdbs.maintenance.partition.Partitions;
import io.appdbs.maintenance.task.DatabaseMaintenance;
import io.appdbs.maintenance.task.MaintenanceSession;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.mongo.index.IndexPreparation;
import io.appdbs.mongo.inspection.MongoInspectionSessionFactory;
import io.appdbs.mongo.maintenance.MongoMaintenanceSessionFactory;
import io.appdbs.mongo.validator.ValidatorPreparation;
import io.appdbs.query.QueryLog;
import io.appdbs.query.QueryLogs;
import io.appdbs.query.jdbc.SlowQueryPlans;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.ssl.DatabaseSsl;
import org.jspecify.annotations.Nullable;

import org.springframework.context.aot.AbstractAotProcessor;

/**
 * Creates the services of databases.
 */
public final class DatabaseServicesFactory {

	private final Partitions partitions;

	/** By the name of the database, as a database needs those of its replicas. */
	private final Map<String, DatabaseInspection> inspections = new ConcurrentHashMap<>();

	private final @Nullable BackupObservations backups;

	private final QueryLogs queryLogs;

	/** By the name of the database. */
	private final Map<String, DatabaseSsl> bundles;

	private final BiFunction<Class<?>, String, @Nullable Object> beans;

	/**
	 * Creates a new {@link DatabaseServicesFactory}.
	 * @param partitions creates partitions ahead
	 * @param backups observes backups, {@code null} if none are observed
	 * @param queryLogs the query logs of the databases
	 * @param bundles the SSL bundles by the name of the database
	 * @param beans finds the bean of a type under the qualifier of a database
	 */
	public DatabaseServicesFactory(Partitions partitions, @Nullable BackupObservations backups, QueryLogs queryLogs,
			Map<String, DatabaseSsl> bundles, BiFunction<Class<?>, String, @Nullable Object> beans) {
		this.partitions = partitions;
		this.backups = backups;
		this.queryLogs = queryLogs;
		this.bundles = bundles;
		this.beans = beans;
	}

	/**
	 * Creates the services of a database.
	 * @param database the database
	 * @return the services, which the life cycle closes
	 */
	public DatabaseServices create(DatabaseAccess database) {
		List<AutoCloseable> closeables = new ArrayList<>();
		DatabaseMaintenance maintenance = new DatabaseMaintenance(database, createMaintenanceSessions(database));
		closeables.add(maintenance);
		DatabaseInspection inspection = createInspection(database, closeables);
		if (!database.getDefinition().settings().partitions().isEmpty()) {
			closeables.add(new PartitionSchedule(database, this.partitions));
		}
		if (database.getDefinition().engine().getKind() == DatabaseKind.MONGODB) {
			Mongo.addIndexes(database, closeables);
			Mongo.addValidators(database, closeables);
		}
		DatabaseSsl ssl = this.bundles.get(database.getDefinition().name());
		if (ssl != null) {
			begin(ssl, database);
			closeables.add(ssl);
		}
		DatabaseBackups backups = createBackups(database);
		if (backups != null) {
			closeables.add(backups);
		}
		return new DatabaseServices(inspection, new DatabaseSchemas(database, this.beans).create(), maintenance,
				new DatabaseObjects(database.getDefinition(), this.beans)::get,
				() -> (ssl != null) ? ssl.getUsage() : null, createCaches(database.getDefinition()), backups,
				closeables);
	}

	/**
	 * A replica has the caches of its database.
	 */
	private static @Nullable DatabaseCaches createCaches(DatabaseDefinition database) {
		String spec = database.settings().cache().spec();
		return (spec != null && database.replicaOf() == null) ? new DatabaseCacheManager(spec) : null;
	}

	/**
	 * The bean that reports backups may use the database, so it is looked up when it is
	 * asked. A replica is not backed up.
	 */
	private @Nullable DatabaseBackups createBackups(DatabaseAccess database) {
		DatabaseDefinition definition = database.getDefinition();
		if (this.backups == null || definition.replicaOf() != null
				|| Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			return null;
		}
		boolean archiver = definition.engine().getArchiver() != null;
		return this.backups.create(definition, archiver ? Relational.createArchiveSource(database) : null,
				() -> (BackupReporter) Objects.requireNonNull(this.beans.apply(BackupReporter.class, definition.name()),
						"validated"));
	}

	private static void begin(DatabaseSsl ssl, DatabaseAccess database) {
		Duration timeout = database.getDefinition().settings().pool().connectTimeoutOrDefault();
		ssl.begin((properties, use) -> database.getConnector().renewSsl(properties, use, timeout));
	}

	private DatabaseInspection createInspection(DatabaseAccess database, List<AutoCloseable> closeables) {
		String name = database.getDefinition().name();
		DatabaseInspection inspection = new DatabaseInspection(database, createSessions(database),
				this.inspections::get);
		this.inspections.put(name, inspection);
		Duration interval = database.getDefinition().settings().inspection().interval();
		if (interval != null) {
			closeables.add(new InspectionSchedule(name, inspection, interval));
		}
		explainSlowQueries(database.getDefinition(), inspection, closeables);
		closeables.add(inspection);
		return inspection;
	}

	private void explainSlowQueries(DatabaseDefinition definition, DatabaseInspection inspection,
			List<AutoCloseable> closeables) {
		QueryLog queryLog = definition.settings().slowQueryPlan() ? this.queryLogs.get(definition) : null;
		if (queryLog != null && definition.engine() instanceof JdbcEngine engine) {
			SlowQueryPlans plans = new SlowQueryPlans(definition.name(), engine.getSqlSyntax(), inspection::explain,
					(plan) -> {
						inspection.addPlan(plan);
						queryLog.write(plan);
					}, queryLog.getMasked());
			closeables.add(plans);
			queryLog.setSlowQueryListener(plans);
		}
	}

	private static InspectionSession.Factory createSessions(DatabaseAccess database) {
		if (database.getDefinition().engine().getKind() == DatabaseKind.RELATIONAL) {
			return new JdbcInspectionSessionFactory(database);
		}
		return Mongo.createSessions(database);
	}

	private static MaintenanceSession.Factory createMaintenanceSessions(DatabaseAccess database) {
		return (database.getDefinition().engine().getKind() == DatabaseKind.RELATIONAL)
				? new JdbcMaintenanceSessionFactory(database) : Mongo.createMaintenanceSessions(database);
	}

	/**
	 * Loaded only if there is a relational database.
	 */
	private static final class Relational {

		/**
		 * The starter does not know how to connect if a bean of the application replaces
		 * the database.
		 */
		static @Nullable ArchiveSource createArchiveSource(DatabaseAccess database) {
			return (database.getConnector() instanceof JdbcDatabaseConnector connector)
					? () -> (database.getOutage() != null) ? null : connector.readArchiver() : null;
		}

	}

	/**
	 * Loaded only if there is a MongoDB database, and so its driver.
	 */
	private static final class Mongo {

		static InspectionSession.Factory createSessions(DatabaseAccess database) {
			return new MongoInspectionSessionFactory(database);
		}

		static void addIndexes(DatabaseAccess database, List<AutoCloseable> closeables) {
			IndexPreparation indexes = (database.getConnector() instanceof MongoDatabaseConnector connector)
					? connector.findPreparation(IndexPreparation.class) : null;
			if (indexes != null) {
				closeables.add(indexes.createService(database));
			}
		}

		static void addValidators(DatabaseAccess database, List<AutoCloseable> closeables) {
			ValidatorPreparation validators = (database.getConnector() instanceof MongoDatabaseConnector connector)
					? connector.findPreparation(ValidatorPreparation.class) : null;
			if (validators != null) {
				closeables.add(validators.createService(database));
			}
		}

		static MaintenanceSession.Factory createMaintenanceSessions(DatabaseAccess database) {
			return new MongoMaintenanceSessionFactory(database);
		}

	}

}
