package io.appdbs.bean.service;

import java.lang.reflect.Proxy;
import java.util.List;

import io.appdbs.inspection.Inspection;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.lifecycle.DatabaseServices;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.partition.PartitionSchedule;
import io.appdbs.maintenance.partition.Partitions;
import io.appdbs.schema.Schema;

/**
 * Creates the services of databases.
 */
public final class DatabaseServicesFactory {

	private final Partitions partitions;

	/**
	 * Creates a new {@link DatabaseServicesFactory}.
	 * @param partitions creates partitions ahead
	 */
	public DatabaseServicesFactory(Partitions partitions) {
		this.partitions = partitions;
	}

	/**
	 * Creates the services of a database.
	 * @param database the database
	 * @return the services, which the life cycle closes
	 */
	public DatabaseServices create(DatabaseAccess database) {
		return new DatabaseServices(missing(Inspection.class), missing(Schema.class), missing(Maintenance.class),
				closeables(database));
	}

	private List<AutoCloseable> closeables(DatabaseAccess database) {
		return database.getDefinition().settings().partitions().isEmpty() ? List.of()
				: List.of(new PartitionSchedule(database, this.partitions));
	}

	private static <T> T missing(Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				throw new UnsupportedOperationException(method.toString());
			}));
	}

}
