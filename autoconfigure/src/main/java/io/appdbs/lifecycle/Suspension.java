package io.appdbs.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The time during which an operator keeps callers away from a database.
 *
 * @param since when it began
 * @param failing whether callers fail at once instead of waiting
 * @param end opened when it is over
 */
record Suspension(Instant since, boolean failing, CountDownLatch end) {

	static Suspension begin(boolean failing) {
		return new Suspension(Instant.now(), failing, new CountDownLatch(1));
	}

	/**
	 * Wait as long as a caller is willing to, or not at all.
	 */
	void await(Duration timeout) {
		if (this.failing) {
			return;
		}
		try {
			this.end.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
