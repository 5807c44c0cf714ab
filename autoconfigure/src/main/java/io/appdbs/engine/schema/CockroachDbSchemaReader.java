package io.appdbs.engine.schema;

import java.sql.Connection;

/**
 * Reads the catalog of CockroachDB, which is that of PostgreSQL without sizes.
 */
public final class CockroachDbSchemaReader extends PostgreSqlSchemaReader {

	@Override
	public TableSize readSize(Connection connection, String schema, String table) {
		return TableSize.UNKNOWN;
	}

}
