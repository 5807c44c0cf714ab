package io.appdbs.restore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Executes statements on a connection.
 *
 * @param connection the connection
 */
record Sql(Connection connection) {

	/**
	 * Executes a query.
	 * @return the rows, without those that the mapper maps to {@code null}
	 */
	<T> List<T> query(String sql, RowMapper<T> mapper, String... parameters) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setString(i + 1, parameters[i]);
			}
			List<T> all = new ArrayList<>();
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					T row = mapper.map(rows);
					if (row != null) {
						all.add(row);
					}
				}
			}
			return all;
		}
	}

	List<String> strings(String sql, String... parameters) throws SQLException {
		return query(sql, (row) -> row.getString(1), parameters);
	}

	long number(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getLong(1);
		}
	}

	void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Maps a row.
	 *
	 * @param <T> the type of the result
	 */
	interface RowMapper<T> {

		@Nullable T map(ResultSet row) throws SQLException;

	}

}
