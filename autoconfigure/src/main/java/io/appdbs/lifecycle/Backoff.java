package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Growing delays between attempts, each drawn from the upper half of its range so that
 * applications that lost a server together do not come back to it together.
 */
final class Backoff {

	private final long first;

	private final long max;

	private long current;

	Backoff(Duration first, Duration max) {
		this.first = first.toMillis();
		this.max = max.toMillis();
		this.current = this.first;
	}

	Duration next() {
		long delay = this.current;
		this.current = Math.min(this.max, this.current * 2);
		return Duration.ofMillis(delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1));
	}

	void reset() {
		this.current = this.first;
	}

}
