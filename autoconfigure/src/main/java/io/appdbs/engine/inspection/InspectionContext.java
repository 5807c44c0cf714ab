package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.engine.sql.SqlQueries.RowReader;
import org.jspecify.annotations.Nullable;

/**
 * What an inspector works with.
 *
 * @param connection the connection, in a read-only transaction that is rolled back
 * afterwards
 * @param login the name of the login, for messages, or {@code null} if it is not known
 * @param limit the maximum number of rows in a list
 * @param minimumAge the age of the server's statistics from which an index counts as
 * unused
 * @param minimumSize the size in bytes from which an unused index, or unused space, is
 * worth a finding
 * @param statementTexts the texts of statements by their identifier, kept from one
 * inspection to the next because a server may have to read all of them to return one
 */
public record InspectionContext(Connection connection, @Nullable String login, int limit, Duration minimumAge,
		long minimumSize, Map<String, String> statementTexts) {

	/**
	 * Reads all rows of a query.
	 * @param <T> the type of a row
	 * @param sql the query
	 * @param reader reads a row
	 * @param arguments the values of the parameters
	 * @return the rows
	 * @throws SQLException if the query fails
	 */
	public <T extends @Nullable Object> List<T> query(String sql, RowReader<T> reader, Object... arguments)
			throws SQLException {
		return SqlQueries.query(this.connection, sql, reader, arguments);
	}

	/**
	 * Reads the first row of a query that always has one.
	 * @param <T> the type of a row
	 * @param sql the query
	 * @param reader reads the row
	 * @param arguments the values of the parameters
	 * @return the row
	 * @throws SQLException if the query fails
	 */
	public <T extends @Nullable Object> T queryForRow(String sql, RowReader<T> reader, Object... arguments)
			throws SQLException {
		List<T> rows = query(sql, reader, arguments);
		if (rows.isEmpty()) {
			throw new SQLException("The query has no row: " + sql);
		}
		return rows.get(0);
	}

}
