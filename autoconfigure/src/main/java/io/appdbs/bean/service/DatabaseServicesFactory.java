package io.appdbs.bean.service;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.inspection.support.DatabaseInspection;
import io.appdbs.inspection.support.InspectionSchedule;
import io.appdbs.inspection.support.InspectionSession;
import io.appdbs.jdbc.inspection.JdbcInspectionSessionFactory;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.lifecycle.DatabaseServices;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.mongo.inspection.MongoInspectionSessionFactory;
import io.appdbs.query.QueryLog;
import io.appdbs.query.QueryLogs;
import io.appdbs.query.jdbc.SlowQueryPlans;
import io.appdbs.schema.Schema;
import io.appdbs.settings.DatabaseDefinition;

/**
 * Creates the services of databases.
 */
public final class DatabaseServicesFactory {

	/** By the name of the database, as a database needs those of its replicas. */
	private final Map<String, DatabaseInspection> inspections = new ConcurrentHashMap<>();

	private final QueryLogs queryLogs;

	/**
	 * Creates a new {@link DatabaseServicesFactory}.
	 * @param queryLogs the query logs of the databases
	 */
	public DatabaseServicesFactory(QueryLogs queryLogs) {
		this.queryLogs = queryLogs;
	}

	/**
	 * Creates the services of a database.
	 * @param database the database
	 * @return the services, which the life cycle closes
	 */
	public DatabaseServices create(DatabaseAccess database) {
		List<AutoCloseable> closeables = new ArrayList<>();
		DatabaseInspection inspection = createInspection(database, closeables);
		return new DatabaseServices(inspection, missing(Schema.class), missing(Maintenance.class), closeables);
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
					});
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

	private static <T> T missing(Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				throw new UnsupportedOperationException(method.toString());
			}));
	}

	/**
	 * Loaded only if there is a MongoDB database, and so its driver.
	 */
	private static final class Mongo {

		static InspectionSession.Factory createSessions(DatabaseAccess database) {
			return new MongoInspectionSessionFactory(database);
		}

	}

}
