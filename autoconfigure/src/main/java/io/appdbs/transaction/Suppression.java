package io.appdbs.transaction;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Makes one exception of those of several attempts.
 */
final class Suppression {

	private Suppression() {
	}

	/**
	 * Return the last exception, with the earlier ones suppressed in it that it does not
	 * hold already.
	 * @param failures the exceptions in order, at least one
	 */
	static Throwable combine(List<Throwable> failures) {
		Throwable last = failures.get(failures.size() - 1);
		for (Throwable earlier : failures.subList(0, failures.size() - 1)) {
			if (!contains(last, Set.of(earlier)) && !contains(earlier, Set.of(last))) {
				last.addSuppressed(earlier);
			}
		}
		return last;
	}

	/**
	 * Return whether an exception is one of others, or holds one of them as a cause or
	 * suppressed.
	 */
	static boolean contains(Throwable failure, Collection<Throwable> others) {
		Set<Throwable> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
		wanted.addAll(others);
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
		while (!wanted.isEmpty() && !open.isEmpty()) {
			Throwable current = open.pop();
			if (wanted.contains(current)) {
				return true;
			}
			if (seen.add(current)) {
				add(open, current.getCause());
				Collections.addAll(open, current.getSuppressed());
			}
		}
		return false;
	}

	private static void add(Deque<Throwable> open, @Nullable Throwable failure) {
		if (failure != null) {
			open.push(failure);
		}
	}

}
