package io.appdbs.audit.unit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.appdbs.audit.AuditEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs that events cannot be recorded, at most once per minute.
 */
final class FailureLog {

	private static final Log logger = LogFactory.getLog(FailureLog.class);

	private static final Duration PAUSE = Duration.ofMinutes(1);

	private final String database;

	private final AtomicLong nextTime = new AtomicLong(System.nanoTime());

	FailureLog(String database) {
		this.database = database;
	}

	void failed(AuditEvent event, Throwable failure) {
		long now = System.nanoTime();
		long next = this.nextTime.get();
		if (now - next >= 0 && this.nextTime.compareAndSet(next, now + PAUSE.toNanos())) {
			logger.error(
					"Database '%s': the unit of work %s (%s) could not be recorded. Further failures are counted by the meter 'appdbs.audit.failures' and logged at DEBUG for a minute."
						.formatted(this.database, event.id(), event.outcome()),
					failure);
		}
		else {
			logger.debug("Database '%s': the unit of work %s (%s) could not be recorded".formatted(this.database,
					event.id(), event.outcome()), failure);
		}
	}

}
