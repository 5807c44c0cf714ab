package io.appdbs.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Queries of engines for text.
 */
final class SqlQueries {

	private SqlQueries() {
	}

	/**
	 * Returns the first column of the first row.
	 */
	static @Nullable String queryForString(Connection connection, String sql) throws SQLException {
		return queryForList(connection, sql).get(0);
	}

	/**
	 * Returns the first column of all rows.
	 */
	static List<@Nullable String> queryForList(Connection connection, String sql) throws SQLException {
		List<@Nullable String> values = new ArrayList<>();
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			while (result.next()) {
				values.add(result.getString(1));
			}
		}
		return values;
	}

}
