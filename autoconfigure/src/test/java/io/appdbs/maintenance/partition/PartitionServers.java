package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.Engines;
import io.appdbs.jdbc.Definitions;
import io.appdbs.jdbc.RunningServers;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.server.MySqlServer;
import io.appdbs.testsupport.server.RealServers;
import org.jspecify.annotations.Nullable;

/**
 * A server with partitioned tables and a clock that tests move.
 */
final class PartitionServers implements AutoCloseable {

	private final RunningServers servers = new RunningServers();

	private final String scheme;

	private final @Nullable MySqlServer mySql;

	private volatile Instant now = Instant.parse("2026-11-26T15:00:00Z");

	PartitionServers(String scheme) {
		this.scheme = scheme;
		this.mySql = scheme.equals("mysql") ? RealServers.mySql() : null;
		if (this.mySql != null) {
			createDatabase(this.mySql);
		}
	}

	private static void createDatabase(MySqlServer server) {
		try {
			server.execute("CREATE DATABASE IF NOT EXISTS test");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Create partitions of the present time.
	 */
	Partitions partitions() {
		return new Partitions(Engines.load(null), clock());
	}

	/**
	 * Return a clock with the present time.
	 */
	Clock clock() {
		return new Clock() {

			@Override
			public ZoneId getZone() {
				return ZoneOffset.UTC;
			}

			@Override
			public Clock withZone(ZoneId zone) {
				return this;
			}

			@Override
			public Instant instant() {
				return PartitionServers.this.now;
			}

		};
	}

	void setNow(String now) {
		this.now = Instant.parse(now);
	}

	String url() {
		return (this.mySql != null) ? this.mySql.getUrl("test") : this.servers.url(this.scheme, "test");
	}

	String administrator() {
		return this.scheme.equals("postgresql") ? "postgres" : "root";
	}

	/**
	 * Define the database {@code orders} with the login of the administrator.
	 */
	DatabaseDefinition definition(String... settings) {
		return definitionAt(url(), settings);
	}

	DatabaseDefinition definitionAt(String url, String... settings) {
		List<String> all = new ArrayList<>(List.of("username", administrator()));
		all.addAll(List.of(settings));
		return Definitions.of("orders", url, all.toArray(String[]::new));
	}

	/**
	 * Create the partitions of a database as at its start.
	 */
	@Nullable Map<String, Object> prepare(DatabaseDefinition definition) throws Exception {
		return new PartitionPreparation(partitions(), Duration.ofMillis(1500)).prepare(definition,
				definition.connectionDetails().get());
	}

	Connection connect() throws SQLException {
		return connect(administrator());
	}

	Connection connect(String login) throws SQLException {
		return DriverManager.getConnection("jdbc:" + url(), login, "");
	}

	void execute(String... statements) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	List<@Nullable String> query(String sql) throws SQLException {
		try (Connection connection = connect()) {
			return query(connection, sql);
		}
	}

	static List<@Nullable String> query(Connection connection, String sql) throws SQLException {
		List<@Nullable String> rows = new ArrayList<>();
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			while (result.next()) {
				rows.add(result.getString(1));
			}
		}
		return rows;
	}

	@Override
	public void close() {
		this.servers.close();
	}

}
