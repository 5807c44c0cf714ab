package io.appdbs.jdbc.pool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import com.zaxxer.hikari.SQLExceptionOverride;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.thread.PendingCall;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Detects that a server refuses writes because it has been demoted, and replaces its
 * connections: idle ones immediately, others when they are returned, so that their
 * callers can still roll back. Servers also refuse writes in read-only transactions, so
 * the server is asked first.
 */
final class ReadOnlyServerExceptionOverride implements SQLExceptionOverride {

	private static final Log logger = LogFactory.getLog(ReadOnlyServerExceptionOverride.class);

	/** Several connections to the server may fail at the same time. */
	private static final Duration QUIET = Duration.ofSeconds(1);

	/** If a new connection does not accept writes either. */
	private static final Duration LONG_QUIET = Duration.ofMinutes(1);

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	private final ServerRole role;

	private final PendingCall<Boolean> check;

	private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

	/** To log it once. */
	private volatile boolean readOnly;

	/**
	 * Creates a new {@link ReadOnlyServerExceptionOverride}.
	 * @param definition the database
	 * @param role asks the server for its role
	 */
	ReadOnlyServerExceptionOverride(DatabaseDefinition definition, ServerRole role) {
		this.definition = definition;
		this.engine = definition.jdbcEngine();
		this.role = role;
		this.check = new PendingCall<>((task) -> {
			Thread thread = new Thread(task, "appdbs-role-" + definition.name());
			thread.setDaemon(true);
			thread.start();
		});
	}

	@java.lang.Override
	public Override adjudicate(SQLException failure) {
		// any server refuses writes in a read-only transaction
		if (this.engine.isRefusedByReadOnlyServer(failure)
				&& !TransactionSynchronizationManager.isCurrentTransactionReadOnly() && begin()) {
			awaitCheck(failure);
		}
		return Override.CONTINUE_EVICT;
	}

	private boolean begin() {
		long until = this.quietUntil.get();
		long now = System.nanoTime();
		return now - until >= 0 && this.quietUntil.compareAndSet(until, now + QUIET.toNanos());
	}

	/**
	 * Waits for the result, so that the caller's next connection goes to a server that
	 * accepts writes, unless finding one takes too long.
	 */
	private void awaitCheck(SQLException failure) {
		CompletableFuture<Boolean> checked = this.check.begin(() -> check(failure));
		if (checked == null) {
			return;
		}
		try {
			checked.get(this.definition.settings().health().timeout().toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug(
					"The role of the server of database '%s' could not be determined".formatted(this.definition.name()),
					ex);
		}
		this.check.forget();
	}

	/**
	 * Asks the server.
	 * @return whether the connections are replaced
	 */
	private boolean check(SQLException failure) throws SQLException {
		if (!this.role.mayBeReadOnly()) {
			this.readOnly = false;
			return false;
		}
		if (this.role.isReadOnlyForNewConnections()) {
			this.quietUntil.set(System.nanoTime() + LONG_QUIET.toNanos());
			if (!this.readOnly) {
				this.readOnly = true;
				logger.warn("Database '%s': the server does not accept writes, not even on a new connection: %s"
					.formatted(this.definition.name(), failure.getMessage()));
			}
			return false;
		}
		this.readOnly = false;
		logger.warn("Database '%s': the server does not accept writes; its connections are replaced: %s"
			.formatted(this.definition.name(), failure.getMessage()));
		this.role.replaceConnections();
		return true;
	}

}
