package io.appdbs.restore.sql;

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
public record Sql(Connection connection) {

	/**
	 * Executes a query.
	 * @param <T> the type of a row
	 * @param sql the query
	 * @param mapper the mapper of a row
	 * @param parameters the parameters
	 * @return the rows, without those that the mapper maps to {@code null}
	 * @throws SQLException if the query fails
	 */
	public <T> List<T> query(String sql, RowMapper<T> mapper, String... parameters) throws SQLException {
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

	/**
	 * Executes a query and reads its first row only.
	 * @param <T> the type of a row
	 * @param sql the query
	 * @param mapper the mapper of a row
	 * @return the row or {@code null} if there is none or it is mapped to {@code null}
	 * @throws SQLException if the query fails
	 */
	public <T> @Nullable T first(String sql, RowMapper<T> mapper) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.setMaxRows(1);
			try (ResultSet rows = statement.executeQuery(sql)) {
				return rows.next() ? mapper.map(rows) : null;
			}
		}
	}

	/**
	 * Executes a query of one column.
	 * @param sql the query
	 * @param parameters the parameters
	 * @return the values that are not {@code null}
	 * @throws SQLException if the query fails
	 */
	public List<String> strings(String sql, String... parameters) throws SQLException {
		return query(sql, (row) -> row.getString(1), parameters);
	}

	/**
	 * Executes a query of one number.
	 * @param sql the query, which returns a row
	 * @return the number
	 * @throws SQLException if the query fails
	 */
	public long number(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getLong(1);
		}
	}

	/**
	 * Executes a statement.
	 * @param sql the statement
	 * @throws SQLException if the statement fails
	 */
	public void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Maps a row.
	 *
	 * @param <T> the type of the result
	 */
	public interface RowMapper<T> {

		/**
		 * Maps a row.
		 * @param row the row
		 * @return the result or {@code null}
		 * @throws SQLException if the row cannot be read
		 */
		@Nullable T map(ResultSet row) throws SQLException;

	}

}
