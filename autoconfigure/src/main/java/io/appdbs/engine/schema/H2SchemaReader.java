package io.appdbs.engine.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

import io.appdbs.engine.sql.SqlQueries;

/**
 * Reads the schema of H2.
 */
public final class H2SchemaReader extends JdbcSchemaReader {

	private static final String SIZE = """
			SELECT ROW_COUNT_ESTIMATE FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
			""";

	private static final Map<String, String> ALIASES = Map.ofEntries(Map.entry("int", "integer"),
			Map.entry("int4", "integer"), Map.entry("int8", "bigint"), Map.entry("int2", "smallint"),
			Map.entry("bool", "boolean"), Map.entry("decimal", "numeric"), Map.entry("float8", "double precision"),
			Map.entry("double", "double precision"), Map.entry("varchar", "character varying"),
			Map.entry("char", "character"), Map.entry("text", "character large object"),
			Map.entry("clob", "character large object"), Map.entry("varbinary", "binary varying"),
			Map.entry("bytea", "binary varying"), Map.entry("blob", "binary large object"));

	@Override
	public TableSize readSize(Connection connection, String schema, String table) throws SQLException {
		return SqlQueries
			.query(connection, SIZE, (row) -> new TableSize(row.getObject(1, Long.class), null), schema, table)
			.stream()
			.findFirst()
			.orElse(TableSize.UNKNOWN);
	}

	@Override
	protected Map<String, String> getTypeAliases() {
		return ALIASES;
	}

}
