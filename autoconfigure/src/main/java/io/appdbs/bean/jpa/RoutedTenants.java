package io.appdbs.bean.jpa;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.Database;

/**
 * Names the databases of a route for Hibernate, which keeps values of identifier
 * generators and entities by this name. A database that was removed and added again can
 * have other content, so it gets a number.
 */
final class RoutedTenants {

	/** No name of a database contains it. */
	private static final char SEPARATOR = '#';

	private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();

	/**
	 * Returns the name of a database for Hibernate.
	 */
	String name(Database database) {
		String name = database.getName();
		Tenant known = this.tenants.get(name);
		if (known == null || !known.isOf(database)) {
			known = this.tenants.compute(name, (key, tenant) -> (tenant != null) ? tenant.of(database, key)
					: new Tenant(new WeakReference<>(database), key, 1));
		}
		return known.name();
	}

	/**
	 * Returns the name of the database that Hibernate knows by a name.
	 */
	static String getDatabase(String tenant) {
		int separator = tenant.indexOf(SEPARATOR);
		return (separator >= 0) ? tenant.substring(0, separator) : tenant;
	}

	/**
	 * A database that has had its name.
	 *
	 * @param database the database, which is not kept after it was removed
	 * @param name the name for Hibernate
	 * @param number how many databases have had the name
	 */
	private record Tenant(WeakReference<Database> database, String name, int number) {

		boolean isOf(Database other) {
			return this.database.refersTo(other);
		}

		Tenant of(Database other, String key) {
			if (isOf(other)) {
				return this;
			}
			int next = this.number + 1;
			return new Tenant(new WeakReference<>(other), key + SEPARATOR + next, next);
		}

	}

}
