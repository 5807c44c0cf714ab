package io.appdbs.jdbc.load;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Admits as many callers as its limit, in the order of their arrival. The place of a
 * caller that leaves is handed to the one that has waited longest: if callers competed
 * for it, those that arrive would overtake those that wait. Thread-safe.
 */
final class FairGate {

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<Waiter> queue = new ArrayDeque<>();

	private int inside;

	private int limit;

	FairGate(int limit) {
		this.limit = limit;
	}

	/**
	 * Enters, or waits until that is possible.
	 * @param nanos how long to wait
	 * @return whether the caller is inside, and must {@link #leave()}
	 * @throws InterruptedException if the thread is interrupted while it waits; it is not
	 * inside then
	 */
	Outcome enter(long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			if (this.queue.isEmpty() && this.inside < this.limit) {
				this.inside++;
				return Outcome.ADMITTED;
			}
			return await(new Waiter(this.lock.newCondition()), nanos);
		}
		finally {
			this.lock.unlock();
		}
	}

	private Outcome await(Waiter waiter, long nanos) throws InterruptedException {
		this.queue.add(waiter);
		long remaining = nanos;
		try {
			while (waiter.outcome == null && remaining > 0) {
				remaining = waiter.wakeUp.awaitNanos(remaining);
			}
		}
		catch (InterruptedException ex) {
			if (waiter.outcome == Outcome.ADMITTED) {
				exit();
			}
			this.queue.remove(waiter);
			throw ex;
		}
		Outcome outcome = waiter.outcome;
		if (outcome == null) {
			this.queue.remove(waiter);
			return Outcome.TIMED_OUT;
		}
		return outcome;
	}

	/**
	 * Leaves, and hands the place to the caller that has waited longest.
	 */
	void leave() {
		this.lock.lock();
		try {
			exit();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void exit() {
		this.inside--;
		admit();
	}

	private void admit() {
		while (this.inside < this.limit && !this.queue.isEmpty()) {
			this.inside++;
			this.queue.remove().end(Outcome.ADMITTED);
		}
	}

	/**
	 * Changes the limit. If more callers are inside, nobody is admitted until enough have
	 * left.
	 */
	void setLimit(int limit) {
		this.lock.lock();
		try {
			this.limit = limit;
			admit();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends the waiting of all callers.
	 */
	void dismiss() {
		this.lock.lock();
		try {
			this.queue.forEach((waiter) -> waiter.end(Outcome.DISMISSED));
			this.queue.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

	int getLimit() {
		this.lock.lock();
		try {
			return this.limit;
		}
		finally {
			this.lock.unlock();
		}
	}

	int getInside() {
		this.lock.lock();
		try {
			return this.inside;
		}
		finally {
			this.lock.unlock();
		}
	}

	int getWaiting() {
		this.lock.lock();
		try {
			return this.queue.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public String toString() {
		return "%d of %d inside, %d waiting".formatted(getInside(), getLimit(), getWaiting());
	}

	/**
	 * What became of a caller.
	 */
	enum Outcome {

		/** It is inside. */
		ADMITTED,

		/** It has waited as long as it wanted to. */
		TIMED_OUT,

		/** Its waiting was ended. */
		DISMISSED

	}

	/**
	 * A caller that waits.
	 */
	private static final class Waiter {

		private final Condition wakeUp;

		private @Nullable Outcome outcome;

		Waiter(Condition wakeUp) {
			this.wakeUp = wakeUp;
		}

		private void end(Outcome outcome) {
			this.outcome = outcome;
			this.wakeUp.signal();
		}

	}

}
