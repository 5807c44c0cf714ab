package io.appdbs.engine.schema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.engine.sql.SqlQueries.RowReader;

/**
 * A query about one table.
 *
 * @param connection the connection
 * @param sql the query, with parameters for the schema and the table
 * @param schema the schema
 * @param table the table
 */
record SchemaQuery(Connection connection, String sql, String schema, String table) {

	/**
	 * Reads all rows.
	 * @param <T> the type of the results
	 * @param reader reads a row
	 * @return the results
	 */
	<T> List<T> read(RowReader<T> reader) throws SQLException {
		List<T> rows = new ArrayList<>();
		try (PreparedStatement statement = this.connection.prepareStatement(this.sql)) {
			statement.setString(1, this.schema);
			statement.setString(2, this.table);
			try (ResultSet result = statement.executeQuery()) {
				while (result.next()) {
					rows.add(reader.read(result));
				}
			}
		}
		return rows;
	}

}
