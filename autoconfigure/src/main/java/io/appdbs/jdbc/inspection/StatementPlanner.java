package io.appdbs.jdbc.inspection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.List;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.inspection.ExplainableStatement;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.StatementExplainer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the plan of a statement, with the schemas that the session had before the
 * inspection: they decide which tables and functions are meant.
 *
 * @param engine the engine of the server
 * @param explainer reads the plan
 * @param schema the schemas, as {@link JdbcEngine#readSchema} returns them
 */
record StatementPlanner(JdbcEngine engine, StatementExplainer explainer, @Nullable String schema) {

	/** The classes of SQLState for connections, resources and an operator's commands. */
	private static final List<String> OF_SERVER = List.of("08", "53", "57");

	/**
	 * Returns the plan.
	 * @throws InspectionException if the statement has none
	 * @throws SQLException if the server was not reached or the time was over
	 */
	String explain(Connection connection, String sql, boolean prepared) throws SQLException {
		ExplainableStatement statement = ExplainableStatement.of(sql, prepared, this.engine.getSqlSyntax());
		try {
			this.engine.restoreSchema(connection, this.schema);
			return this.explainer.explain(connection, statement);
		}
		catch (SQLException ex) {
			if (isOfServer(ex)) {
				throw ex;
			}
			throw InspectionException.unsupported(this.explainer.describe(statement, ex));
		}
	}

	private boolean isOfServer(SQLException failure) {
		String state = String.valueOf(failure.getSQLState());
		return failure instanceof SQLTimeoutException || this.engine.findTimeout(failure) != null
				|| OF_SERVER.stream().anyMatch(state::startsWith);
	}

}
