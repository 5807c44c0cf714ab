package io.appdbs.jdbc.pool;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads that are about to get a connection. A pool has no way to end their waiting
 * but to interrupt them, which nothing may notice that they do afterwards.
 */
public final class WaitingThreads {

	private final Map<Thread, Wait> waits = new ConcurrentHashMap<>();

	/**
	 * Begin to wait.
	 * @return the current thread's waiting, which it must {@linkplain Wait#end() end}
	 */
	public Wait begin() {
		Wait wait = new Wait();
		this.waits.put(wait.thread, wait);
		return wait;
	}

	/**
	 * Return whether no thread is waiting.
	 */
	boolean isEmpty() {
		return this.waits.isEmpty();
	}

	/**
	 * Interrupt every thread that is waiting.
	 */
	public void interrupt() {
		this.waits.values().forEach(Wait::interrupt);
	}

	/**
	 * The waiting of one thread.
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
		 * End the waiting, and the interruption if there was one.
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
