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
import io.appdbs.lifecycle.PendingCall;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notices that a server refuses to write because it has been demoted, and has its
 * connections replaced: idle ones at once, others when they are given back, so that the
 * caller that has one can still roll back. Transactions that have promised not to write
 * are refused as well, so the server is asked first.
 */
final class ReadOnlyServerExceptionOverride implements SQLExceptionOverride {

	private static final Log logger = LogFactory.getLog(ReadOnlyServerExceptionOverride.class);

	/** Several connections to one server fail at the same time. */
	private static final Duration QUIET = Duration.ofSeconds(1);

	/** Where a new connection would not take writes either. */
	private static final Duration LONG_QUIET = Duration.ofMinutes(1);

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	private final ServerRole role;

	private final PendingCall<Boolean> check;

	private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

	/** So that it is logged once. */
	private volatile boolean readOnly;

	/**
	 * Create a new {@link ReadOnlyServerExceptionOverride}.
	 * @param definition the database
	 * @param role tells the role of its server
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
		// a transaction that has promised not to write would be refused anywhere
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
	 * The caller that goes on gets a connection to a server that takes writes, unless it
	 * takes too long to find that out.
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
			logger.debug("The role of the server of database '%s' is not known".formatted(this.definition.name()), ex);
		}
		this.check.forget();
	}

	/**
	 * Ask the server.
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
				logger.warn("Database '%s': the server takes no writes, on a new connection neither: %s"
					.formatted(this.definition.name(), failure.getMessage()));
			}
			return false;
		}
		this.readOnly = false;
		logger.warn("Database '%s': the server takes no writes, so its connections are replaced: %s"
			.formatted(this.definition.name(), failure.getMessage()));
		this.role.replaceConnections();
		return true;
	}

	/**
	 * Tells whether a server takes writes.
	 */
	interface ServerRole {

		/**
		 * Return whether open connections say that their server takes no writes, or there
		 * is none to ask.
		 */
		boolean mayBeReadOnly();

		/**
		 * Return whether a new connection says so.
		 */
		boolean isReadOnlyForNewConnections() throws SQLException;

		void replaceConnections();

	}

}
