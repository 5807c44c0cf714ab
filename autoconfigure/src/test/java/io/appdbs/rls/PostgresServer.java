package io.appdbs.rls;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A separate PostgreSQL server with one database for the tests of a class.
 */
public class PostgresServer implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	private final String database;

	private final String schema;

	private String address;

	/**
	 * Create a new {@link PostgresServer}.
	 * @param database the name of the database
	 * @param schema statements that are executed in it as superuser
	 */
	public PostgresServer(String database, String schema) {
		this.database = database;
		this.schema = schema;
	}

	@Override
	public void beforeAll(ExtensionContext context) throws SQLException {
		start();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		close();
	}

	void start() throws SQLException {
		String url = this.servers.getUrl("embedded:postgresql", this.database);
		this.address = url.substring(url.indexOf('@') + 1, url.lastIndexOf('/'));
		execute(this.schema);
	}

	/**
	 * Return host and port of the server.
	 */
	public String address() {
		return this.address;
	}

	public void execute(String sql) throws SQLException {
		execute(this.database, sql);
	}

	public void execute(String database, String sql) throws SQLException {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	public Connection connect() throws SQLException {
		return connect(this.database);
	}

	public Connection connect(String database) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://" + this.address + "/" + database + "?user=postgres");
	}

	@Override
	public void close() {
		this.servers.close();
	}

}
