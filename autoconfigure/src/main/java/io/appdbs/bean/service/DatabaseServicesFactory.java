package io.appdbs.bean.service;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.inspection.support.DatabaseInspection;
import io.appdbs.inspection.support.InspectionSchedule;
import io.appdbs.inspection.support.InspectionSession;
import io.appdbs.jdbc.inspection.JdbcInspectionSessionFactory;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.lifecycle.DatabaseServices;
import io.appdbs.maintenance.Maintenance;
import org.jspecify.annotations.Nullable;

/**
 * Creates the services of databases.
 */
public final class DatabaseServicesFactory {

	/** By the name of the database, as a database needs those of its replicas. */
	private final Map<String, DatabaseInspection> inspections = new ConcurrentHashMap<>();

	private final BiFunction<Class<?>, String, @Nullable Object> beans;

	/**
	 * Creates a new {@link DatabaseServicesFactory}.
	 * @param beans finds the bean of a type under the qualifier of a database
	 */
	public DatabaseServicesFactory(BiFunction<Class<?>, String, @Nullable Object> beans) {
		this.beans = beans;
	}

	/**
	 * Creates the services of a database.
	 * @param database the database
	 * @return the services, which the life cycle closes
	 */
	public DatabaseServices create(DatabaseAccess database) {
		List<AutoCloseable> closeables = new ArrayList<>();
		DatabaseInspection inspection = createInspection(database, closeables);
		return new DatabaseServices(inspection, new DatabaseSchemas(database, this.beans).create(),
				missing(Maintenance.class), closeables);
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
		closeables.add(inspection);
		return inspection;
	}

	private static InspectionSession.Factory createSessions(DatabaseAccess database) {
		if (database.getDefinition().engine().getKind() == DatabaseKind.RELATIONAL) {
			return new JdbcInspectionSessionFactory(database);
		}
		return (timeout) -> {
			throw InspectionException.unsupported("MongoDB cannot be inspected.");
		};
	}

	private static <T> T missing(Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				throw new UnsupportedOperationException(method.toString());
			}));
	}

}
