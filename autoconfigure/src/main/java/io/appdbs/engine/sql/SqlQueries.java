package io.appdbs.engine.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Queries about the server.
 */
public final class SqlQueries {

	private SqlQueries() {
	}

	/**
	 * Returns the first column of the first row.
	 * @param connection the connection
	 * @param sql the query
	 * @return the text, or {@code null} if it is NULL
	 * @throws SQLException if the query fails
	 */
	public static @Nullable String queryForString(Connection connection, String sql) throws SQLException {
		return queryForList(connection, sql).get(0);
	}

	/**
	 * Reads the first row.
	 * @param <T> the type of the result
	 * @param connection the connection
	 * @param sql the query
	 * @param reader reads the row
	 * @return what the reader returns
	 * @throws SQLException if the query fails
	 */
	public static <T extends @Nullable Object> T queryForRow(Connection connection, String sql, RowReader<T> reader)
			throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return reader.read(result);
		}
	}

	/**
	 * Returns the first column of all rows.
	 * @param connection the connection
	 * @param sql the query
	 * @return the texts, {@code null} where they are NULL
	 * @throws SQLException if the query fails
	 */
	public static List<@Nullable String> queryForList(Connection connection, String sql) throws SQLException {
		List<@Nullable String> values = new ArrayList<>();
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			while (result.next()) {
				values.add(result.getString(1));
			}
		}
		return values;
	}

	/**
	 * Reads all rows of a query with parameters.
	 * @param <T> the type of a row
	 * @param connection the connection
	 * @param sql the query
	 * @param reader reads a row
	 * @param arguments the values of the parameters
	 * @return what the reader returns for the rows
	 * @throws SQLException if the query fails
	 */
	public static <T extends @Nullable Object> List<T> query(Connection connection, String sql, RowReader<T> reader,
			@Nullable Object... arguments) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < arguments.length; i++) {
				statement.setObject(i + 1, arguments[i]);
			}
			try (ResultSet result = statement.executeQuery()) {
				List<T> rows = new ArrayList<>();
				while (result.next()) {
					rows.add(reader.read(result));
				}
				return rows;
			}
		}
	}

	/**
	 * Reads a row.
	 *
	 * @param <T> the type of the result
	 */
	@FunctionalInterface
	public interface RowReader<T extends @Nullable Object> {

		/**
		 * Reads a row.
		 * @param row the result, on the row
		 * @return what was read
		 * @throws SQLException if the row cannot be read
		 */
		T read(ResultSet row) throws SQLException;

	}

}
