package io.appdbs.rls;

import java.sql.Connection;
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
	 * Return whether each statement is a transaction, unless one was begun by SQL.
	 */
	boolean isAutoCommit() throws SQLException {
		return this.connection.getAutoCommit() && driver().getTransactionState() == TransactionState.IDLE;
	}

	/**
	 * Return whether a statement can carry the prefix. A cursor of the prefix would be
	 * one too; outside of a transaction the driver reads all rows at once. If it is to
	 * transfer everything in binary form, it mixes up the columns of the two.
	 * @param fetchSize how many rows the statement reads at once, or 0 for all
	 */
	boolean canCarry(int fetchSize) throws SQLException {
		return driver().getPrepareThreshold() >= 0
				&& (isAutoCommit() ? this.database.autoCommitPrefixed().getAsBoolean() : fetchSize == 0);
	}

	/**
	 * Return whether the driver tells the server that a string is one.
	 */
	boolean isStringTyped() throws SQLException {
		return driver().getStringVarcharFlag();
	}

	/**
	 * Return how many rows a statement reads at once that does not say so, or 0 for all.
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
			return this.known ? null : current;
		}
		if (this.database.settings().onContextChange() == OnContextChange.REAPPLY) {
			return current;
		}
		throw new RlsContextException(
				"Database '%s': the user is another one than at the beginning of the transaction. End the transaction before the user changes, or set '%s' to 'reapply'."
					.formatted(this.database.name(), this.database.definition().key("rls.on-context-change")));
	}

	/**
	 * The server has been told, and knows until the transaction ends.
	 */
	void applied(AppliedContext context) throws SQLException {
		this.applied = isAutoCommit() ? null : context;
		this.known = true;
	}

	/**
	 * The server may have forgotten, though the transaction is the same.
	 */
	void doubt() {
		this.known = false;
	}

	/**
	 * The transaction has ended.
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
			doubt();
			this.database.prefix().execute(this.connection, next);
			applied(next);
		}
	}

	/**
	 * Go back to the context of a cursor that is about to be read: policies filter its
	 * rows when they are read, and the transaction may have been reapplied to another
	 * user meanwhile.
	 */
	void resume(ResultSet rows, AppliedContext context) throws SQLException {
		AppliedContext applied = this.applied;
		if (applied != null && !applied.equals(context) && !isAutoCommit() && rows.getFetchSize() > 0) {
			doubt();
			this.database.prefix().execute(this.connection, context);
			applied(context);
		}
	}

	/**
	 * Return what this transaction runs under.
	 * @return the context or {@code null} if the server has not been given one
	 */
	@Nullable AppliedContext getApplied() {
		return this.applied;
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
		AppliedContext next = Objects.requireNonNull(next());
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
	 * Run a statement that cannot carry the prefix. Outside of a transaction it returns
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
	 * Refuse what would take the context away from other statements.
	 */
	void check(String sql, StatementKind kind) throws SQLException {
		if (kind == StatementKind.SETTING && this.database.prefix().isChangedBy(sql)) {
			throw new RlsContextException(
					"Database '%s': a statement must not change what row-level security is built on. Use RlsContextHolder.runAs to run as somebody else."
						.formatted(this.database.name()));
		}
		if (kind == StatementKind.SEVERAL) {
			for (String part : StatementKind.split(sql)) {
				checkPart(part);
			}
		}
	}

	/**
	 * Return what the driver sends, which replaces the escapes of JDBC and thereby what
	 * is a literal. It also drops what it does not know.
	 */
	String toSent(String sql) throws SQLException {
		return (sql.indexOf('{') >= 0) ? this.connection.nativeSQL(sql) : sql;
	}

	/**
	 * Refuse what must not be executed together with other statements.
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
	 * Give out what is inside of one of the driver's objects. Whoever uses it does so
	 * under the context of the transaction. Outside of one there is none that would last.
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
