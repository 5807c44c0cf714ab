package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import io.appdbs.engine.sql.SqlQueries;

/**
 * Reads plans of PostgreSQL, from version 12 on. {@code EXPLAIN (GENERIC_PLAN)} exists
 * only from version 16 on, and not in the protocol that the driver speaks, so the
 * statement is prepared on the server, for which any parameter can be NULL.
 */
final class PostgreSqlExplainer implements StatementExplainer {

	/** An indeterminate type, and operators or functions that such a type selects. */
	private static final Set<String> UNKNOWN_TYPES = Set.of("42P18", "42P08", "42725", "42804", "42883");

	@Override
	public String explain(Connection connection, ExplainableStatement statement) throws SQLException {
		// a pooler may have kept another one for the session
		String name = "appdbs_plan_" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
		execute(connection, "SET LOCAL plan_cache_mode = force_generic_plan");
		execute(connection, "PREPARE " + name + " AS " + statement.numberedText());
		Savepoint savepoint = connection.setSavepoint();
		String plan;
		try {
			plan = String.join("\n",
					SqlQueries.queryForList(connection, "EXPLAIN EXECUTE " + name + nulls(statement.parameters())));
		}
		catch (SQLException ex) {
			deallocate(connection, savepoint, name, ex);
			throw ex;
		}
		execute(connection, "DEALLOCATE " + name);
		return plan;
	}

	private static String nulls(int parameters) {
		return (parameters == 0) ? "" : "(" + String.join(", ", Collections.nCopies(parameters, "NULL")) + ")";
	}

	/**
	 * The end of the transaction does not remove it.
	 */
	private static void deallocate(Connection connection, Savepoint savepoint, String name, SQLException failure) {
		try {
			connection.rollback(savepoint);
			execute(connection, "DEALLOCATE " + name);
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			// they have been replaced, and what replaces them can move the end of a
			// literal
			statement.setEscapeProcessing(false);
			statement.execute(sql);
		}
	}

	/**
	 * The application has executed the statement a moment ago, with parameters whose
	 * types the driver has sent.
	 */
	@Override
	public String describe(ExplainableStatement statement, SQLException failure) {
		String state = String.valueOf(failure.getSQLState());
		if (statement.parameters() > 0 && UNKNOWN_TYPES.contains(state)) {
			return "The server cannot infer the type of a parameter, which the driver sends with its value.";
		}
		return "42P01".equals(state) ? "The connections of the application do not find a table by themselves."
				: StatementExplainer.super.describe(statement, failure);
	}

}
