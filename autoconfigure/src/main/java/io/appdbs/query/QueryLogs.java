package io.appdbs.query;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

/**
 * The query logs of an application, one for each database that has one enabled.
 */
public final class QueryLogs {

	private final Map<String, QueryLog> logs = new ConcurrentHashMap<>();

	/**
	 * Returns the query log of a database, always the same instance.
	 * @param definition the database
	 * @return the log or {@code null} if the database logs neither all queries nor slow
	 * queries
	 */
	public @Nullable QueryLog get(DatabaseDefinition definition) {
		DatabaseSettings settings = definition.settings();
		if (!settings.queryLog() && settings.slowQueryThreshold() == null) {
			return null;
		}
		return this.logs.computeIfAbsent(definition.name(), (name) -> new QueryLog(name, settings));
	}

	/**
	 * Forgets the query log of a database that has been removed.
	 * @param database the name of the database
	 */
	public void remove(String database) {
		this.logs.remove(database);
	}

}
