package io.appdbs.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.engine.ConnectionLimit.Scope;

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
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			int max = result.getInt(1);
			int reserved = result.getInt(2);
			List<ConnectionLimit> limits = new ArrayList<>();
			limits.add(new ConnectionLimit(max - reserved, Scope.SERVER, "max_connections",
					"max_connections %d, %d reserved".formatted(max, reserved)));
			if (!result.getBoolean("rolsuper")) {
				addLimit(limits, result.getInt("rolconnlimit"), Scope.LOGIN, "role " + result.getString("rolname"));
				addLimit(limits, result.getInt("datconnlimit"), Scope.DATABASE,
						"database " + result.getString("datname"));
			}
			return limits;
		}
	}

	private static void addLimit(List<ConnectionLimit> limits, int connections, Scope scope, String object) {
		if (connections >= 0) {
			limits.add(new ConnectionLimit(connections, scope, "the CONNECTION LIMIT of " + object,
					"CONNECTION LIMIT %d of %s".formatted(connections, object)));
		}
	}

}
