package io.appdbs.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.engine.ConnectionLimit.Scope;
import io.appdbs.engine.sql.SqlQueries;

/**
 * Reads the connection limits of a PostgreSQL server. Only the limit of the server
 * applies to superusers.
 */
final class PostgreSqlConnectionLimits {

	private PostgreSqlConnectionLimits() {
	}

	static List<ConnectionLimit> read(Connection connection) throws SQLException {
		// The second kind of reserved connections came with PostgreSQL 16.
		String sql = """
				SELECT current_setting('max_connections')::int, current_setting('superuser_reserved_connections')::int
				+ coalesce(current_setting('reserved_connections', true), '0')::int, rolconnlimit, rolname, datconnlimit,
				datname, rolsuper FROM pg_roles, pg_database WHERE rolname = session_user AND datname = current_database()""";
		return SqlQueries.queryForRow(connection, sql, (row) -> {
			int max = row.getInt(1);
			int reserved = row.getInt(2);
			List<ConnectionLimit> limits = new ArrayList<>();
			limits.add(new ConnectionLimit(max - reserved, Scope.SERVER, "max_connections",
					"max_connections %d, %d reserved".formatted(max, reserved)));
			if (!row.getBoolean("rolsuper")) {
				addLimit(limits, row.getInt("rolconnlimit"), Scope.LOGIN, "role " + row.getString("rolname"));
				addLimit(limits, row.getInt("datconnlimit"), Scope.DATABASE, "database " + row.getString("datname"));
			}
			return limits;
		});
	}

	private static void addLimit(List<ConnectionLimit> limits, int connections, Scope scope, String object) {
		if (connections >= 0) {
			limits.add(new ConnectionLimit(connections, scope, "the CONNECTION LIMIT of " + object,
					"CONNECTION LIMIT %d of %s".formatted(connections, object)));
		}
	}

}
