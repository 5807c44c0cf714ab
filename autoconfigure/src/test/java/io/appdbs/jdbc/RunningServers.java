package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.settings.DatabaseDefinition;

/**
 * Real servers for tests, by the scheme of the URL of the driver that speaks to them. The
 * driver of MySQL speaks to a MariaDB.
 */
public final class RunningServers implements AutoCloseable {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	/**
	 * Return a URL on the server, without login.
	 */
	public String url(String scheme, String database) {
		String embedded = this.servers.getUrl("embedded:" + (scheme.equals("mysql") ? "mariadb" : scheme), "test");
		return scheme + "://" + embedded.substring(embedded.indexOf('@') + 1).replaceFirst("/.*", "/" + database);
	}

	public String address(String scheme, String database) {
		return url(scheme, database).substring(scheme.length() + 3);
	}

	public String administrator(String scheme) {
		return scheme.equals("postgresql") ? "postgres" : "root";
	}

	/**
	 * Execute statements on the database {@code test} as its administrator.
	 */
	public void execute(String scheme, String... statements) throws SQLException {
		DatabaseDefinition definition = Definitions.of("test", url(scheme, "test"), "username", administrator(scheme));
		execute(definition, statements);
	}

	public static void execute(DatabaseDefinition definition, String... statements) throws SQLException {
		try (Connection connection = JdbcConnections.open(definition, definition.connectionDetails().get(), Map.of());
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	@Override
	public void close() {
		this.servers.close();
	}

}
