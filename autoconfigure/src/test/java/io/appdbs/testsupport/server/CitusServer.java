package io.appdbs.testsupport.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A database on a coordinator of Citus with at least two workers, which the system
 * property {@value #PROPERTY} names as {@code host:port/database}. The superuser is
 * {@code postgres}, and the nodes trust every login.
 *
 * @param address the host and the port of the coordinator
 * @param database the database, which has the extension and the nodes
 */
public record CitusServer(String address, String database) {

	/** The name of the system property. */
	public static final String PROPERTY = "appdbs.citus";

	static CitusServer find() {
		String value = System.getProperty(PROPERTY, "");
		int slash = value.indexOf('/');
		return (slash > 0) ? new CitusServer(value.substring(0, slash), value.substring(slash + 1)) : null;
	}

	public static CitusServer get() {
		return find();
	}

	public String url() {
		return this.address + "/" + this.database;
	}

	public Connection connect() throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://" + url() + "?user=postgres");
	}

	public void execute(String... statements) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

}
