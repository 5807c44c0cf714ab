package io.appdbs.engine.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.schema.TypeFamily;
import org.jspecify.annotations.Nullable;

/**
 * Reads the catalog of PostgreSQL: the driver lists invalid indexes like valid ones, and
 * tables that the login may not use.
 */
public class PostgreSqlSchemaReader extends JdbcSchemaReader {

	private static final String TABLE = """
			FROM pg_catalog.pg_class c
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			""";

	private static final String NAMED = "WHERE n.nspname = ?::name AND c.relname = ?::name ";

	private static final String TABLES = "AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ";

	private static final String ACCESS = """
			SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
			AND (pg_catalog.has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')
			OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE'))
			""" + TABLE + NAMED + TABLES;

	private static final String ALL_TABLES = "SELECT c.relname " + TABLE + "WHERE n.nspname = ?::name " + TABLES
			+ "ORDER BY c.relname LIMIT ?";

	private static final String COLUMNS = """
			SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
			pg_catalog.pg_get_expr(d.adbin, d.adrelid), t.typcategory, COALESCE(b.typname, t.typname)
			""" + TABLE + """
			JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
			LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
			LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
			""" + NAMED + TABLES + "ORDER BY a.attnum";

	private static final String INDEXES = """
			SELECT i.relname, x.indisunique, x.indisvalid AND x.indisready AND x.indislive, x.indpred IS NOT NULL,
			a.attname, CASE WHEN a.attname IS NULL THEN pg_catalog.pg_get_indexdef(x.indexrelid, k.n::int, true) END
			""" + TABLE + """
			JOIN pg_catalog.pg_index x ON x.indrelid = c.oid
			JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
			CROSS JOIN LATERAL pg_catalog.unnest(x.indkey) WITH ORDINALITY AS k (attnum, n)
			LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
			""" + NAMED + "AND k.n <= x.indnkeyatts ORDER BY i.relname, k.n";

	private static final String SIZE = "WITH named AS (SELECT c.oid " + TABLE + NAMED + """
			) SELECT SUM(CASE WHEN c.reltuples >= 0 THEN c.reltuples END)::bigint,
			SUM(pg_catalog.pg_total_relation_size(c.oid))::bigint
			FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'm') AND c.oid IN (SELECT oid FROM named
			UNION SELECT t.relid FROM named CROSS JOIN LATERAL pg_catalog.pg_partition_tree(named.oid) t WHERE t.isleaf)
			""";

	private static final Map<String, String> ALIASES = Map.ofEntries(Map.entry("int2", "smallint"),
			Map.entry("smallserial", "smallint"), Map.entry("int", "integer"), Map.entry("int4", "integer"),
			Map.entry("serial", "integer"), Map.entry("int8", "bigint"), Map.entry("bigserial", "bigint"),
			Map.entry("float4", "real"), Map.entry("float8", "double precision"), Map.entry("decimal", "numeric"),
			Map.entry("bool", "boolean"), Map.entry("varchar", "character varying"), Map.entry("char", "character"),
			Map.entry("bpchar", "character"), Map.entry("varbit", "bit varying"),
			Map.entry("time", "time without time zone"), Map.entry("timetz", "time with time zone"),
			Map.entry("timestamp", "timestamp without time zone"),
			Map.entry("timestamptz", "timestamp with time zone"));

	@Override
	public TableAccess readAccess(Connection connection, String schema, String table) throws SQLException {
		List<TableAccess> found = SqlQueries.query(connection, ACCESS,
				(row) -> row.getBoolean(1) ? TableAccess.GRANTED : TableAccess.DENIED, schema, table);
		return found.isEmpty() ? TableAccess.MISSING : found.get(0);
	}

	@Override
	public List<String> readTables(Connection connection, String schema, int limit) throws SQLException {
		return SqlQueries.query(connection, ALL_TABLES, (row) -> row.getString(1), schema, limit);
	}

	@Override
	public List<Column> readColumns(Connection connection, String schema, String table) throws SQLException {
		return SqlQueries.query(
				connection, COLUMNS, (row) -> new Column(row.getString(1), row.getString(2),
						toFamily(row.getString(5), row.getString(6)), row.getBoolean(3), row.getString(4)),
				schema, table);
	}

	/**
	 * Returns the family by the category of the type, which a domain inherits, or by the
	 * name of a type that shares its category with others.
	 */
	private static @Nullable TypeFamily toFamily(String category, String name) {
		return switch (category) {
			case "N" -> TypeFamily.NUMBER;
			case "S", "E" -> TypeFamily.TEXT;
			case "B" -> TypeFamily.BOOLEAN;
			default -> switch (name) {
				case "date" -> TypeFamily.DATE;
				case "time", "timetz" -> TypeFamily.TIME;
				case "timestamp", "timestamptz" -> TypeFamily.TIMESTAMP;
				case "bytea" -> TypeFamily.BINARY;
				case "uuid" -> TypeFamily.UUID;
				case "json", "jsonb" -> TypeFamily.JSON;
				default -> null;
			};
		};
	}

	@Override
	public List<Index> readIndexes(Connection connection, String schema, String table) throws SQLException {
		IndexCollector indexes = new IndexCollector();
		SqlQueries.query(connection, INDEXES, PostgreSqlSchemaReader::readIndex, schema, table).forEach(indexes::add);
		return indexes.getIndexes();
	}

	private static Index readIndex(ResultSet row) throws SQLException {
		String column = row.getString(5);
		return new Index(row.getString(1),
				List.of((column != null) ? column
						: Objects.requireNonNullElse(row.getString(6), IndexCollector.EXPRESSION)),
				row.getBoolean(2), row.getBoolean(3), row.getBoolean(4));
	}

	/**
	 * Reads the size, of a partitioned table that of its partitions.
	 */
	@Override
	public TableSize readSize(Connection connection, String schema, String table) throws SQLException {
		return SqlQueries
			.query(connection, SIZE, (row) -> new TableSize(row.getObject(1, Long.class), row.getObject(2, Long.class)),
					schema, table)
			.get(0);
	}

	@Override
	protected Map<String, String> getTypeAliases() {
		return ALIASES;
	}

}
