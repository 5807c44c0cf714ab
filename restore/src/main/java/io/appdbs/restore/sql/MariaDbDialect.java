package io.appdbs.restore.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;

/**
 * MariaDB and MySQL.
 *
 * @param scheme the scheme of JDBC URLs
 * @param drivers the drivers
 */
public record MariaDbDialect(String scheme, List<String> drivers) implements SqlDialect {

	/**
	 * MariaDB.
	 */
	public static final MariaDbDialect MARIADB = new MariaDbDialect("mariadb", List.of("org.mariadb.jdbc.Driver"));

	/**
	 * MySQL.
	 */
	public static final MariaDbDialect MYSQL = new MariaDbDialect("mysql", List.of("com.mysql.cj.jdbc.Driver"));

	private static final String CONTENT = """
			SELECT table_name FROM information_schema.tables WHERE table_schema = database()
			UNION ALL SELECT concat('routine ', routine_name) FROM information_schema.routines WHERE routine_schema = database()
			UNION ALL SELECT concat('event ', event_name) FROM information_schema.events WHERE event_schema = database()
			LIMIT 5
			""";

	private static final String TABLES = """
			SELECT table_name FROM information_schema.tables
			WHERE table_schema = database() AND table_type = 'BASE TABLE' ORDER BY 1
			""";

	private static final String FOREIGN_KEYS = """
			SELECT constraint_name, table_name, referenced_table_schema, referenced_table_name, column_name, referenced_column_name
			FROM information_schema.key_column_usage
			WHERE table_schema = database() AND referenced_table_name IS NOT NULL
			ORDER BY table_name, constraint_name, ordinal_position
			""";

	@Override
	public List<String> getDriverClassNames() {
		return this.drivers;
	}

	@Override
	public String createUrl(String host, int port, String database) {
		return "jdbc:" + this.scheme + "://" + host + ":" + port + "/" + database;
	}

	@Override
	public void limitConnecting(Properties properties, Duration timeout) {
		properties.put("connectTimeout", Long.toString(timeout.toMillis()));
	}

	@Override
	public ServerVersion readVersion(Connection connection) throws SQLException, RestoreFailure {
		String version = new Sql(connection).strings("SELECT version()").get(0);
		return parseVersion(version);
	}

	/**
	 * Reads what the server or a dump reports, for example {@code 10.11.18-MariaDB-log}.
	 * @param version the text
	 * @return the version
	 * @throws RestoreFailure if the text contains none
	 */
	public static ServerVersion parseVersion(String version) throws RestoreFailure {
		boolean mariaDb = version.toLowerCase(Locale.ROOT).contains("mariadb");
		return ServerVersion.parse(mariaDb ? ServerVersion.MARIADB : ServerVersion.MYSQL, version);
	}

	@Override
	public void useUtc(Sql sql) throws SQLException {
		sql.execute("SET time_zone = '+00:00'");
	}

	@Override
	public List<String> findContent(Sql sql) throws SQLException {
		return sql.strings(CONTENT);
	}

	@Override
	public ScratchDatabase secure(ScratchDatabase database, String password) throws SQLException {
		try (Connection connection = database.connect()) {
			Sql sql = new Sql(connection);
			// accounts of other hosts cannot connect to the loopback address
			List<String> accounts = sql.strings("""
					SELECT concat(quote(user), '@', quote(host), if(user = 'root', '', ' other'))
					FROM mysql.user
					WHERE user <> 'mariadb.sys' AND host IN ('localhost', '127.0.0.1', '::1', '%')""");
			for (String account : accounts) {
				sql.execute(account.endsWith(" other") ? "DROP USER " + account.replaceAll(" other$", "")
						: "ALTER USER " + account + " IDENTIFIED BY '" + password + "'");
			}
		}
		return database.withPassword(password);
	}

	@Override
	public List<Table> findTables(Sql sql) throws SQLException {
		return sql.query(TABLES, (row) -> new Table(null, row.getString(1), true));
	}

	@Override
	public List<String> findUnvalidatedConstraints(Sql sql) {
		return List.of();
	}

	// dumps are loaded without checking foreign keys
	@Override
	public List<ConstraintQuery> findConstraintQueries(Sql sql) throws SQLException {
		List<Key> keys = new ArrayList<>();
		sql.query(FOREIGN_KEYS, (row) -> {
			String name = row.getString(1);
			String table = row.getString(2);
			if (keys.isEmpty() || !keys.get(keys.size() - 1).isOf(name, table)) {
				keys.add(new Key(name, table, quote(row.getString(3)) + "." + quote(row.getString(4)),
						new ArrayList<>(), new ArrayList<>()));
			}
			Key key = keys.get(keys.size() - 1);
			String column = quote(row.getString(5));
			key.present().add("a." + column + " IS NOT NULL");
			key.equal().add("b." + quote(row.getString(6)) + " = a." + column);
			return null;
		});
		return keys.stream()
			.map((key) -> new ConstraintQuery("Foreign key '" + key.name() + "' of table '" + key.table() + "'",
					"SELECT count(*) FROM " + quote(key.table()) + " a WHERE " + String.join(" AND ", key.present())
							+ " AND NOT EXISTS (SELECT 1 FROM " + key.parent() + " b WHERE "
							+ String.join(" AND ", key.equal()) + ")"))
			.toList();
	}

	@Override
	public String quote(String identifier) {
		return "`" + identifier.replace("`", "``") + "`";
	}

	private record Key(String name, String table, String parent, List<String> present, List<String> equal) {

		boolean isOf(String name, String table) {
			return this.name.equals(name) && this.table.equals(table);
		}

	}

}
