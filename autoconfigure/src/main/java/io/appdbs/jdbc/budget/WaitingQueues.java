package io.appdbs.jdbc.budget;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

import io.appdbs.settings.ConnectionAdmission.Use;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait for permits, in the order in which they came. Not thread-safe.
 */
final class WaitingQueues {

	private final List<Waiter> pools = new ArrayList<>();

	private final List<Waiter> services = new ArrayList<>();

	private List<Waiter> of(Use use) {
		return (use == Use.POOL) ? this.pools : this.services;
	}

	void add(Waiter waiter) {
		of(waiter.getRequest().use()).add(waiter);
	}

	void remove(Waiter waiter) {
		of(waiter.getRequest().use()).remove(waiter);
	}

	/**
	 * Removes the first that waits for a use and meets a condition.
	 * @return the removed one or {@code null} if there is none
	 */
	@Nullable Waiter pollFirst(Use use, Predicate<Waiter> condition) {
		Iterator<Waiter> waiters = of(use).iterator();
		while (waiters.hasNext()) {
			Waiter waiter = waiters.next();
			if (condition.test(waiter)) {
				waiters.remove();
				return waiter;
			}
		}
		return null;
	}

	/**
	 * Removes all that meet a condition.
	 */
	void removeIf(Predicate<Waiter> condition) {
		this.pools.removeIf(condition);
		this.services.removeIf(condition);
	}

	boolean anyMatch(Predicate<Waiter> condition) {
		return this.pools.stream().anyMatch(condition) || this.services.stream().anyMatch(condition);
	}

	int size(Use use) {
		return of(use).size();
	}

}
