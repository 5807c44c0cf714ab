package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Objects;

import io.appdbs.settings.RlsSettings.OnContextChange;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * What the transaction of one borrowed connection runs under. Used by the thread that
 * holds the connection.
 */
final class RlsSession {

	private final RlsDatabase database;

	private final Connection connection;

	private @Nullable BaseConnection driver;

	/** What this transaction runs under. */
	private @Nullable AppliedContext applied;

	/** Whether the server still knows it for sure. */
	private boolean known;

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

	/**
	 * Returns whether each statement is a transaction, unless one was begun by SQL.
	 */
	boolean isAutoCommit() throws SQLException {
		return this.connection.getAutoCommit() && driver().getTransactionState() == TransactionState.IDLE;
	}

	/**
	 * Returns whether a statement can carry the prefix. A cursor of the prefix would be
	 * one too; outside of a transaction the driver reads all rows at once. If it is to
	 * transfer everything in binary form, it mixes up the columns of the two.
	 * @param fetchSize how many rows the statement reads at once, or 0 for all
	 */
	boolean canPrefix(int fetchSize) throws SQLException {
		if (driver().getPrepareThreshold() < 0) {
			return false;
		}
		boolean allRows = fetchSize == 0;
		return isAutoCommit() ? this.database.isAutoCommitPrefixed() && (allRows || !getPrefix().isLiteral()) : allRows;
	}

	/**
	 * Returns whether the driver sends the type of strings to the server.
	 */
	boolean isStringTyped() throws SQLException {
		return driver().getStringVarcharFlag();
	}

	/**
	 * Returns how many rows a statement reads at once that does not say so, or 0 for all.
	 */
	int getDefaultFetchSize() throws SQLException {
		return driver().getDefaultFetchSize();
	}

	private BaseConnection driver() throws SQLException {
		BaseConnection driver = this.driver;
		if (driver == null) {
			driver = this.connection.unwrap(BaseConnection.class);
			this.driver = driver;
		}
		return driver;
	}

	/**
	 * Returns the context to apply before the next statement.
	 * @return the context or {@code null} if it is already applied
	 * @throws SQLException if there is no user or, inside a transaction, another one
	 */
	@Nullable AppliedContext contextToApply() throws SQLException {
		AppliedContext current = this.database.contexts().getCurrent();
		AppliedContext applied = this.applied;
		if (applied == null || isAutoCommit()) {
			return current;
		}
		if (applied.equals(current)) {
			return this.known ? null : current;
		}
		if (this.database.settings().onContextChange() == OnContextChange.REAPPLY) {
			return current;
		}
		throw new RlsContextException(
				"Database '%s': the user changed during the transaction. End the transaction before the user changes, or set '%s' to 'reapply'."
					.formatted(this.database.name(), this.database.definition().key("rls.on-context-change")));
	}

	/**
	 * Records that the context is applied, which lasts until the transaction ends.
	 */
	void applied(AppliedContext context) throws SQLException {
		this.applied = isAutoCommit() ? null : context;
		this.known = true;
	}

	/**
	 * Records that the server may have lost the context within the transaction, so that
	 * it is applied again.
	 */
	void invalidate() {
		this.known = false;
	}

	/**
	 * Records that the transaction has ended, and its context with it.
	 */
	void reset() {
		this.applied = null;
	}

	/**
	 * Applies the context with a separate statement, unless it is already applied.
	 */
	void apply() throws SQLException {
		AppliedContext next = contextToApply();
		if (next != null) {
			invalidate();
			this.database.prefix().execute(this.connection, next);
			applied(next);
		}
	}

	/**
	 * Go back to the context of a cursor that is about to be read: policies filter its
	 * rows when they are read, and the transaction may since have been reapplied to
	 * another user.
	 */
	void resume(ResultSet rows, AppliedContext context) throws SQLException {
		AppliedContext applied = this.applied;
		if (applied != null && !applied.equals(context) && !isAutoCommit() && rows.getFetchSize() > 0) {
			invalidate();
			this.database.prefix().execute(this.connection, context);
			applied(context);
		}
	}

	/**
	 * Returns what this transaction runs under.
	 * @return the context or {@code null} if the server has not been given one
	 */
	@Nullable AppliedContext getApplied() {
		return this.applied;
	}

	/**
	 * Runs what cannot carry the prefix. Outside of a transaction it gets one, since the
	 * context ends with its transaction.
	 */
	@Nullable Object run(SqlCall call) throws SQLException {
		if (!isAutoCommit()) {
			apply();
			return call.run();
		}
		AppliedContext next = Objects.requireNonNull(contextToApply());
		try {
			this.connection.setAutoCommit(false);
			this.database.prefix().execute(this.connection, next);
			Object result = call.run();
			this.connection.commit();
			this.connection.setAutoCommit(true);
			return result;
		}
		catch (SQLException | RuntimeException | Error ex) {
			undo(ex);
			throw ex;
		}
	}

	/**
	 * Runs a statement that cannot carry the prefix. Outside of a transaction it returns
	 * all rows at once, as always there: a cursor would end with the transaction that it
	 * gets.
	 */
	@Nullable Object run(Statement statement, SqlCall call) throws SQLException {
		int fetchSize = isAutoCommit() ? statement.getFetchSize() : 0;
		if (fetchSize == 0) {
			return run(call);
		}
		statement.setFetchSize(0);
		try {
			return run(call);
		}
		finally {
			if (!statement.isClosed()) {
				statement.setFetchSize(fetchSize);
			}
		}
	}

	/**
	 * Executes statements in a transaction that their text ends. The driver begins it
	 * with the same round trip.
	 */
	void executeTransaction(PreparedStatement statement) throws SQLException {
		try {
			this.connection.setAutoCommit(false);
			statement.execute();
			this.connection.setAutoCommit(true);
		}
		catch (SQLException | RuntimeException | Error ex) {
			undo(ex);
			throw ex;
		}
	}

	/**
	 * Going back to auto-commit would commit what could not be rolled back, and staying
	 * would lose what follows.
	 */
	private void undo(Throwable failure) {
		try {
			if (!isAutoCommit()) {
				this.connection.rollback();
				this.connection.setAutoCommit(true);
			}
		}
		catch (SQLException | RuntimeException ex) {
			failure.addSuppressed(ex);
			JdbcUtils.closeConnection(this.connection);
		}
	}

	/**
	 * Rejects a statement that would change the context of other statements.
	 */
	void check(String sql, StatementKind kind) throws SQLException {
		if (kind == StatementKind.SESSION && this.database.prefix().isChangedBy(sql)) {
			throw new RlsContextException(
					"Database '%s': a statement must not change what row-level security is built on. Use RlsContextHolder.runAs to run as another user."
						.formatted(this.database.name()));
		}
		if (kind == StatementKind.MULTIPLE) {
			for (String part : StatementKind.split(sql)) {
				checkPart(part);
			}
		}
	}

	/**
	 * Returns what the driver sends, with the escapes of JDBC replaced. This changes
	 * where literals are, and drops unknown escapes.
	 */
	String toSent(String sql) throws SQLException {
		return (sql.indexOf('{') >= 0) ? this.connection.nativeSQL(sql) : sql;
	}

	/**
	 * Rejects a statement that must not be executed together with others.
	 */
	void checkPart(String sql) throws SQLException {
		StatementKind kind = StatementKind.of(sql);
		if (kind == StatementKind.TRANSACTION) {
			throw new RlsContextException(
					"Database '%s': a statement must not begin or end a transaction along with other statements, which would run without context. Execute them one by one."
						.formatted(this.database.name()));
		}
		check(sql, kind);
	}

	/**
	 * Unwraps one of the driver's objects, which is used under the context of the
	 * transaction. Outside of a transaction no context would last.
	 */
	<T> T unwrap(Wrapper delegate, Class<T> type) throws SQLException {
		if (isAutoCommit()) {
			throw new RlsContextException(
					"A connection with row-level security can be unwrapped inside a transaction only: on the driver's own connection a statement outside of one would run without context.");
		}
		apply();
		return delegate.unwrap(type);
	}

	/**
	 * Part of the work with a connection.
	 */
	@FunctionalInterface
	interface SqlCall {

		@Nullable Object run() throws SQLException;

	}

}
