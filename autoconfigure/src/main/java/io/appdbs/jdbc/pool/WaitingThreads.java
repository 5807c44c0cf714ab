package io.appdbs.jdbc.pool;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads that wait for a connection. HikariCP cannot cancel a wait, so the thread is
 * interrupted. The interrupt is cleared when the wait ends.
 */
public final class WaitingThreads {

	private final Map<Thread, Wait> waits = new ConcurrentHashMap<>();

	/**
	 * Registers that the current thread begins to wait.
	 * @return the wait, which the thread must {@linkplain Wait#end() end}
	 */
	public Wait begin() {
		Wait wait = new Wait();
		this.waits.put(wait.thread, wait);
		return wait;
	}

	/**
	 * Returns whether no thread is waiting.
	 */
	boolean isEmpty() {
		return this.waits.isEmpty();
	}

	/**
	 * Interrupts every thread that is waiting.
	 */
	public void interrupt() {
		this.waits.values().forEach(Wait::interrupt);
	}

	/**
	 * The wait of one thread.
	 */
	public final class Wait {

		private final Thread thread = Thread.currentThread();

		private boolean ended;

		private boolean interrupted;

		private synchronized void interrupt() {
			if (!this.ended && !this.interrupted) {
				this.interrupted = true;
				this.thread.interrupt();
			}
		}

		/**
		 * Ends the wait, and clears the interrupt if there was one.
		 * @return whether the thread was interrupted
		 */
		public synchronized boolean end() {
			if (!this.ended) {
				this.ended = true;
				WaitingThreads.this.waits.remove(this.thread);
				if (this.interrupted) {
					Thread.interrupted();
				}
			}
			return this.interrupted;
		}

	}

}
