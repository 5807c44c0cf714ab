package io.appdbs.query;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

/**
 * The query logs of an application, one for each database that has it switched on.
 */
public final class QueryLogs {

	private final Map<String, QueryLog> logs = new ConcurrentHashMap<>();

	/**
	 * Return the query log of a database, always the same one.
	 * @param definition the database
	 * @return the log or {@code null} if the database logs neither all its queries nor
	 * the slow ones
	 */
	public @Nullable QueryLog get(DatabaseDefinition definition) {
		DatabaseSettings settings = definition.settings();
		if (!settings.queryLog() && settings.slowQueryThreshold() == null) {
			return null;
		}
		return this.logs.computeIfAbsent(definition.name(), (name) -> new QueryLog(name, settings));
	}

}
