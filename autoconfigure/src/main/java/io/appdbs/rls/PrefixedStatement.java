package io.appdbs.rls;

import java.sql.PreparedStatement;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * A statement with the prefix in front. The driver sends both at once, so the server runs
 * the second only after the first, and in the same transaction.
 *
 * @param session the session
 * @param autoCommit whether it was prepared for the time outside of a transaction
 * @param context the context in the text of the prefix or {@code null} if it is bound
 * @param statement the statement of the driver
 */
record PrefixedStatement(RlsSession session, boolean autoCommit, @Nullable AppliedContext context,
		PreparedStatement statement) {

	static PrefixedStatement prepare(RlsSession session, String sql, AppliedContext context) throws SQLException {
		boolean autoCommit = session.isAutoCommit();
		ContextPrefix prefix = session.getPrefix();
		PrefixedStatement prefixed = new PrefixedStatement(session, autoCommit, prefix.isLiteral() ? context : null,
				session.getConnection().prepareStatement(prefix.before(sql, autoCommit, context)));
		if (autoCommit && !session.isStringTyped()) {
			prefixed.keepTogether();
		}
		return prefixed;
	}

	/**
	 * Returns whether it can be executed now.
	 */
	boolean isUsable(AppliedContext context) throws SQLException {
		return this.autoCommit == this.session.isAutoCommit() && (this.context == null || this.context.equals(context));
	}

	int countPrefixParameters() {
		return this.session.getPrefix().countParameters();
	}

	/**
	 * Keeps the driver from asking the server for the types of parameters. Once it has
	 * done so, it ends the prefix's transaction before the second statement, so that the
	 * two do not wait for each other. Outside of a transaction that would be the end of
	 * the context.
	 * @see <a href=
	 * "https://github.com/pgjdbc/pgjdbc/blob/master/pgjdbc/src/main/java/org/postgresql/core/v3/QueryExecutorImpl.java">flushIfDeadlockRisk</a>
	 */
	void keepTogether() throws SQLException {
		this.statement.unwrap(PGStatement.class).setPrepareThreshold(0);
	}

	/**
	 * Executes both and returns what the given method of a statement returns of the
	 * second.
	 */
	@Nullable Object execute(String method, AppliedContext context) throws SQLException {
		this.session.getPrefix().bind(this.statement, context);
		// until it has succeeded
		this.session.invalidate();
		boolean rows = execute();
		this.session.applied(context);
		return switch (method) {
			case "executeQuery" -> requireRows(rows);
			case "executeUpdate" -> requireCount(rows, this.statement.getUpdateCount());
			case "executeLargeUpdate" -> requireCount(rows, this.statement.getLargeUpdateCount());
			default -> rows;
		};
	}

	/**
	 * Executes both and returns whether the second returns rows.
	 */
	private boolean execute() throws SQLException {
		if (hasOwnTransaction()) {
			this.session.executeTransaction(this.statement);
		}
		else {
			this.statement.execute();
		}
		int results = this.session.getPrefix().countResults();
		boolean rows = false;
		for (int i = 0; i < results; i++) {
			rows = this.statement.getMoreResults();
		}
		return rows;
	}

	/**
	 * Returns whether the text ends a transaction that the statement gets.
	 */
	private boolean hasOwnTransaction() {
		return this.autoCommit && this.context != null;
	}

	/**
	 * Moves to the next result of the driver's statement. The one that follows is that of
	 * the end of the transaction, which the application does not know of.
	 */
	boolean getMoreResults() throws SQLException {
		boolean rows = this.statement.getMoreResults();
		while (hasOwnTransaction() && (rows || this.statement.getUpdateCount() != -1)) {
			rows = this.statement.getMoreResults();
		}
		return rows;
	}

	private Object requireRows(boolean rows) throws SQLException {
		if (!rows) {
			throw new SQLException("No results were returned by the query.", "02000");
		}
		return this.statement.getResultSet();
	}

	private static Object requireCount(boolean rows, Number count) throws SQLException {
		if (rows) {
			throw new SQLException("A result was returned when none was expected.", "0100E");
		}
		return count;
	}

}
