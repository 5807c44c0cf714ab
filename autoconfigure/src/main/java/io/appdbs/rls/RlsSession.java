package io.appdbs.rls;

import java.sql.Connection;
import java.sql.SQLException;

import io.appdbs.engine.RlsSettings.OnChange;
import org.jspecify.annotations.Nullable;

/**
 * What the transaction of one borrowed connection runs under. Used by the thread that
 * holds the connection.
 */
final class RlsSession {

	private final RlsDatabase database;

	private final Connection connection;

	/** What the server has been told in this transaction. */
	private @Nullable AppliedContext applied;

	RlsSession(RlsDatabase database, Connection connection) {
		this.database = database;
		this.connection = connection;
	}

	Connection getConnection() {
		return this.connection;
	}

	ContextPrefix getPrefix() {
		return this.database.prefix();
	}

	boolean isAutoCommit() throws SQLException {
		return this.connection.getAutoCommit();
	}

	/**
	 * Return whether statements outside of a transaction can carry the prefix.
	 */
	boolean isAutoCommitPrefixed() {
		return this.database.autoCommitPrefixed().getAsBoolean();
	}

	/**
	 * Return what the server has to be told before the next statement.
	 * @return the context or {@code null} if the server knows it
	 * @throws SQLException if there is no user or, inside a transaction, another one
	 */
	@Nullable AppliedContext next() throws SQLException {
		AppliedContext current = this.database.contexts().getCurrent();
		AppliedContext applied = this.applied;
		if (applied == null || isAutoCommit()) {
			return current;
		}
		if (applied.equals(current)) {
			return null;
		}
		if (this.database.settings().onChange() == OnChange.REAPPLY) {
			return current;
		}
		throw new RlsContextException(
				"Database '%s': the user is another one than at the beginning of the transaction. End the transaction before the user changes, or set 'app.dbs.%s.rls.on-change' to 'reapply'."
					.formatted(this.database.name(), this.database.name()));
	}

	/**
	 * The server has been told, and knows until the transaction ends.
	 */
	void applied(AppliedContext context) throws SQLException {
		this.applied = isAutoCommit() ? null : context;
	}

	/**
	 * The server may have forgotten.
	 */
	void forget() {
		this.applied = null;
	}

	/**
	 * Tell the server, if it does not know, with a statement of its own.
	 */
	void apply() throws SQLException {
		AppliedContext next = next();
		if (next != null) {
			this.applied = null;
			this.database.prefix().execute(this.connection, next);
			applied(next);
		}
	}

	/**
	 * Run what cannot carry the prefix. Outside of a transaction it gets one, since the
	 * context ends with its transaction.
	 */
	@Nullable Object run(SqlCall call) throws SQLException {
		if (!isAutoCommit()) {
			apply();
			return call.run();
		}
		AppliedContext next = next();
		this.connection.setAutoCommit(false);
		try {
			if (next != null) {
				this.database.prefix().execute(this.connection, next);
			}
			Object result = call.run();
			this.connection.commit();
			return result;
		}
		catch (SQLException | RuntimeException | Error ex) {
			rollback(ex);
			throw ex;
		}
		finally {
			restoreAutoCommit();
		}
	}

	private void rollback(Throwable failure) {
		try {
			this.connection.rollback();
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	private void restoreAutoCommit() throws SQLException {
		if (!this.connection.isClosed()) {
			this.connection.setAutoCommit(true);
		}
	}

	/**
	 * Let a statement through that is no reader of rows.
	 */
	void checkSetting(String sql) throws SQLException {
		if (this.database.prefix().isChangedBy(sql)) {
			throw new RlsContextException(
					"Database '%s': a statement must not change what row-level security is built on. Use RlsContextHolder.runAs to run as somebody else."
						.formatted(this.database.name()));
		}
	}

	/**
	 * Part of the work with a connection.
	 */
	@FunctionalInterface
	interface SqlCall {

		@Nullable Object run() throws SQLException;

	}

}
