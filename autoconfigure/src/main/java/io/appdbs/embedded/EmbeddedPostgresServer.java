package io.appdbs.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A running PostgreSQL server.
 */
final class EmbeddedPostgresServer implements EmbeddedServer {

	private static final String SUPERUSER = "postgres";

	private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

	private final EmbeddedPostgres server;

	private EmbeddedPostgresServer(EmbeddedPostgres server) {
		this.server = server;
	}

	static EmbeddedPostgresServer start(ServerFolder folder) throws IOException {
		Path data = folder.open();
		Redirect log = Redirect.appendTo(folder.getLog().toFile());
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setOverrideWorkingDirectory(folder.getBinaries().resolve("postgresql").toFile())
			.setDataDirectory(data)
			.setCleanDataDirectory(false)
			.setRegisterShutdownHook(false)
			.setPGStartupWait(START_TIMEOUT)
			.setErrorRedirector(log)
			.setOutputRedirector(log)
			.setServerConfig("unix_socket_directories", "")
			.setServerConfig("max_connections", "300");
		// The library starts every server without fsync and with asynchronous commits.
		String durable = folder.isKept() ? "on" : "off";
		builder.setServerConfig("fsync", durable)
			.setServerConfig("synchronous_commit", durable)
			.setServerConfig("full_page_writes", durable);
		return new EmbeddedPostgresServer(builder.start());
	}

	@Override
	public String createDatabase(String name) throws SQLException {
		try (Connection connection = this.server.getPostgresDatabase().getConnection()) {
			if (!exists(connection, name)) {
				try (Statement statement = connection.createStatement()) {
					statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true));
				}
			}
		}
		return "postgresql://" + SUPERUSER + "@localhost:" + this.server.getPort() + "/" + name;
	}

	private static boolean exists(Connection connection, String name) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
			statement.setString(1, name);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next();
			}
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
