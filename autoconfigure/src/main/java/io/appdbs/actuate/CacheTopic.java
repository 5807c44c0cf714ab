package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.cache.DatabaseCaches;
import io.appdbs.lifecycle.DatabaseLifecycle;

/**
 * Describes the caches of databases, and clears them. The database is not asked.
 */
final class CacheTopic {

	static final String NAME = "caches";

	private CacheTopic() {
	}

	/**
	 * Returns the caches that have been used, and their usage.
	 */
	static Map<String, Object> read(DatabaseLifecycle lifecycle, DatabaseTopics.Request request) {
		if (request.fresh() != null || request.table() != null) {
			throw OperationRequest.invalid("The topic '%s' has no parameters.".formatted(NAME));
		}
		DatabaseCaches caches = lifecycle.findCaches(request.database());
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("caches", (caches != null) ? caches.getUsage() : List.of());
		return body;
	}

	static void clear(DatabaseLifecycle lifecycle, String name) {
		DatabaseCaches caches = lifecycle.findCaches(name);
		if (caches == null) {
			throw new IllegalDatabaseOperationException(name, "Database '%s' has no caches: '%s' is not set."
				.formatted(name, lifecycle.getDefinition(name).key("cache.spec")));
		}
		caches.clear();
	}

}
