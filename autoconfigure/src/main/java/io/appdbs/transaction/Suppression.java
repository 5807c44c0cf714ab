package io.appdbs.transaction;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.engine.Causes;

/**
 * Combines the exceptions of several attempts into one.
 */
final class Suppression {

	private Suppression() {
	}

	/**
	 * Returns the last exception, with the earlier ones as suppressed exceptions unless
	 * it already contains them.
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
	 * Returns whether an exception is one of others, or has one of them among its causes
	 * and suppressed exceptions.
	 */
	static boolean contains(Throwable failure, Collection<Throwable> others) {
		Set<Throwable> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
		wanted.addAll(others);
		return Causes.of(failure, (each) -> Stream.of(each.getSuppressed())).anyMatch(wanted::contains);
	}

}
