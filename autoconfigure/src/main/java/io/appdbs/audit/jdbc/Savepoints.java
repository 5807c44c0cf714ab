package io.appdbs.audit.jdbc;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where a transaction was at its savepoints, which JDBC identifies by objects and SQL by
 * names.
 */
final class Savepoints {

	private @Nullable Map<Object, Integer> objects;

	private @Nullable Map<String, Integer> names;

	void set(Object savepoint, int mark) {
		if (savepoint instanceof String name) {
			this.names = (this.names != null) ? this.names : new HashMap<>();
			this.names.put(name, mark);
		}
		else {
			this.objects = (this.objects != null) ? this.objects : new IdentityHashMap<>();
			this.objects.put(savepoint, mark);
		}
	}

	@Nullable Integer get(Object savepoint) {
		Map<?, Integer> marks = (savepoint instanceof String) ? this.names : this.objects;
		return (marks != null) ? marks.get(savepoint) : null;
	}

	void clear() {
		this.objects = null;
		this.names = null;
	}

}
