package io.appdbs.bean.service;

import java.lang.reflect.Proxy;
import java.util.List;

import io.appdbs.inspection.Inspection;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.lifecycle.DatabaseServices;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.schema.Schema;

/**
 * Creates the services of databases.
 */
public final class DatabaseServicesFactory {

	/**
	 * Creates the services of a database.
	 * @param database the database
	 * @return the services, which the life cycle closes
	 */
	public DatabaseServices create(DatabaseAccess database) {
		return new DatabaseServices(missing(Inspection.class), missing(Schema.class), missing(Maintenance.class),
				List.of());
	}

	private static <T> T missing(Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				throw new UnsupportedOperationException(method.toString());
			}));
	}

}
