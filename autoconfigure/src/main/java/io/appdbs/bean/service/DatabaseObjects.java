package io.appdbs.bean.service;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the objects with which code uses a database. Thread-safe.
 */
final class DatabaseObjects {

	private final DatabaseDefinition database;

	private final BiFunction<Class<?>, String, @Nullable Object> beans;

	/** A route borrows from the data source for each unit of work. */
	private final Map<Class<?>, Object> found = new ConcurrentHashMap<>();

	/**
	 * Creates new {@link DatabaseObjects}.
	 * @param database the database
	 * @param beans finds the bean of a type under the qualifier of a database
	 */
	DatabaseObjects(DatabaseDefinition database, BiFunction<Class<?>, String, @Nullable Object> beans) {
		this.database = database;
		this.beans = beans;
	}

	Object get(Class<?> type) {
		Object known = this.found.get(type);
		if (known != null) {
			return known;
		}
		Object bean = find(type);
		this.found.put(type, bean);
		return bean;
	}

	private Object find(Class<?> type) {
		String primary = this.database.replicaOf();
		if (primary != null) {
			throw reject(
					"'%s' is a replica and has no beans. Use database '%s', whose read-only transactions run on it."
						.formatted(this.database.name(), primary));
		}
		Object bean;
		try {
			bean = this.beans.apply(type, this.database.name());
		}
		catch (InvalidDatabaseConfigurationException ex) {
			throw reject("Database '%s' has several beans of type %s. Use a more specific type."
				.formatted(this.database.name(), type.getName()));
		}
		if (bean == null) {
			throw reject("Database '%s' (%s) has no bean of type %s. Use %s.".formatted(this.database.name(),
					this.database.engine().getDisplayName(), type.getName(), describeTypes()));
		}
		return bean;
	}

	private String describeTypes() {
		return (this.database.engine().getKind() == DatabaseKind.RELATIONAL)
				? "getDataSource(), getTransactionTemplate() or getBean(JdbcClient.class)"
				: "getBean(MongoTemplate.class) or getTransactionTemplate()";
	}

	private IllegalDatabaseOperationException reject(String message) {
		return new IllegalDatabaseOperationException(this.database.name(), message);
	}

}
