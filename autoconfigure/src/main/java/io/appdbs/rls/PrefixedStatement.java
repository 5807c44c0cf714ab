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
 * @param statement the statement of the driver
 */
record PrefixedStatement(RlsSession session, boolean autoCommit, PreparedStatement statement) {

	static PrefixedStatement prepare(RlsSession session, String sql) throws SQLException {
		boolean autoCommit = session.isAutoCommit();
		PrefixedStatement prefixed = new PrefixedStatement(session, autoCommit,
				session.getConnection().prepareStatement(session.getPrefix().before(sql, autoCommit)));
		if (autoCommit && !session.isStringTyped()) {
			prefixed.keepTogether();
		}
		return prefixed;
	}

	/**
	 * Returns whether it can be executed now.
	 */
	boolean isUsable() throws SQLException {
		return this.autoCommit == this.session.isAutoCommit();
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
		this.statement.execute();
		boolean rows = this.statement.getMoreResults();
		this.session.applied(context);
		return switch (method) {
			case "executeQuery" -> requireRows(rows);
			case "executeUpdate" -> requireCount(rows, this.statement.getUpdateCount());
			case "executeLargeUpdate" -> requireCount(rows, this.statement.getLargeUpdateCount());
			default -> rows;
		};
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
