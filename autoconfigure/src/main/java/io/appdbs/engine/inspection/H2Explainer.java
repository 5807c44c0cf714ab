package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Reads plans of H2, which needs no values of parameters for them.
 */
final class H2Explainer implements StatementExplainer {

	@Override
	public String explain(Connection connection, ExplainableStatement statement) throws SQLException {
		try (PreparedStatement explain = connection.prepareStatement("EXPLAIN " + statement.text());
				ResultSet result = explain.executeQuery()) {
			result.next();
			return result.getString(1);
		}
	}

}
