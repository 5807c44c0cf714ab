package io.appdbs.audit.unit;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Identifiers of units of work. They are consecutive, so that a missing one is noticed.
 */
final class IdSequence {

	private final String start = UUID.randomUUID().toString().substring(0, 18);

	private final AtomicLong last = new AtomicLong();

	String next() {
		return this.start + "-" + this.last.incrementAndGet();
	}

}
