package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Asks servers of an engine how they would execute a statement. Must be thread-safe, and
 * must not execute anything.
 */
public interface StatementExplainer {

	/**
	 * Reads the generic plan of a statement, which does not depend on values. Called in a
	 * transaction that is {@linkplain JdbcInspector#limit limited} and rolled back
	 * afterwards, with the schemas of the application's connections.
	 * @param connection the connection, with the login of the application
	 * @param statement the statement
	 * @return the plan, possibly in several lines
	 * @throws SQLException if the server does not plan the statement
	 */
	String explain(Connection connection, ExplainableStatement statement) throws SQLException;

	/**
	 * Returns why there is no plan, without the message of the driver, which can contain
	 * values.
	 * @param statement the statement
	 * @param failure what {@link #explain} has thrown, unless the server was not reached
	 * or the time was over
	 * @return the reason in a sentence
	 */
	default String describe(ExplainableStatement statement, SQLException failure) {
		return "The server does not plan the statement: %s(%s).".formatted(failure.getClass().getSimpleName(),
				failure.getSQLState());
	}

}
