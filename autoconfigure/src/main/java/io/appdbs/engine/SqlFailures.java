package io.appdbs.engine;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds the exceptions of a driver behind what others have wrapped them in.
 */
final class SqlFailures {

	private SqlFailures() {
	}

	/**
	 * Return every {@link SQLException} among the causes of a failure, with those that
	 * are chained to one, such as the failed statements of a batch.
	 */
	static List<SQLException> of(Throwable failure) {
		List<SQLException> found = new ArrayList<>();
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
		while (!open.isEmpty()) {
			Throwable current = open.pop();
			if (seen.add(current)) {
				add(open, current.getCause());
				if (current instanceof SQLException ex) {
					found.add(ex);
					add(open, ex.getNextException());
				}
			}
		}
		return found;
	}

	private static void add(Deque<Throwable> open, @Nullable Throwable failure) {
		if (failure != null) {
			open.push(failure);
		}
	}

}
