package io.appdbs.jdbc;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import com.zaxxer.hikari.SQLExceptionOverride;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.JdbcEngine;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notices that a server refuses to write because it has been demoted, and has its
 * connections replaced: idle ones at once, others when they are given back, so that
 * whoever has one can still roll back.
 */
final class DemotionOverride implements SQLExceptionOverride {

	private static final Log logger = LogFactory.getLog(DemotionOverride.class);

	/** Several connections to one server fail at the same time. */
	private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	private final Runnable replacement;

	private final AtomicLong last = new AtomicLong(System.nanoTime() - QUIET_NANOS);

	/**
	 * Create a new {@link DemotionOverride}.
	 * @param definition the database
	 * @param replacement replaces the connections
	 */
	DemotionOverride(DatabaseDefinition definition, Runnable replacement) {
		this.definition = definition;
		this.engine = (JdbcEngine) definition.engine();
		this.replacement = replacement;
	}

	@java.lang.Override
	public Override adjudicate(SQLException failure) {
		// a transaction that has promised not to write would be refused anywhere
		if (this.engine.isRefusedByReadOnlyServer(failure)
				&& !TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			long last = this.last.get();
			long now = System.nanoTime();
			if (now - last >= QUIET_NANOS && this.last.compareAndSet(last, now)) {
				logger.warn("Database '%s': the server takes no writes, so its connections are replaced: %s"
					.formatted(this.definition.name(), failure.getMessage()));
				this.replacement.run();
			}
		}
		return Override.CONTINUE_EVICT;
	}

}
