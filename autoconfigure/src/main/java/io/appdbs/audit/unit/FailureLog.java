package io.appdbs.audit.unit;

import java.util.concurrent.atomic.AtomicLong;

import io.appdbs.audit.AuditEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs that events cannot be recorded: the first failure of a series with its cause, and
 * how many there were at the end.
 */
final class FailureLog {

	private static final Log logger = LogFactory.getLog(FailureLog.class);

	private final String database;

	private final AtomicLong failures = new AtomicLong();

	FailureLog(String database) {
		this.database = database;
	}

	void failed(AuditEvent event, Throwable failure) {
		if (this.failures.getAndIncrement() == 0) {
			logger.error(
					"Database '%s': the unit of work %s (%s) could not be recorded. Further failures are counted by the meter 'appdbs.audit.failures' and logged at DEBUG."
						.formatted(this.database, event.id(), event.outcome()),
					failure);
		}
		else {
			logger.debug("Database '%s': the unit of work %s (%s) could not be recorded".formatted(this.database,
					event.id(), event.outcome()), failure);
		}
	}

	void succeeded() {
		long failed = (this.failures.get() > 0) ? this.failures.getAndSet(0) : 0;
		if (failed > 0) {
			logger.info("Database '%s': units of work are recorded again, after %d failures".formatted(this.database,
					failed));
		}
	}

}
