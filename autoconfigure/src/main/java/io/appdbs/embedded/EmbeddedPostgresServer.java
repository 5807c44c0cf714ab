package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * A running PostgreSQL server.
 */
final class EmbeddedPostgresServer implements EmbeddedServer {

	private final PostgresInstallation installation;

	private final ServerProgram program;

	private final Path data;

	private final int port;

	private final Process process;

	EmbeddedPostgresServer(ServerFolder folder) throws Exception {
		this.data = folder.open();
		this.program = new ServerProgram(folder.getLog(), Map.of());
		this.installation = PostgresInstallation.of(folder, this.program);
		folder.initialize(this.installation.getTemplate());
		this.port = ServerProgram.findFreePort();
		this.process = this.program.startServer(getCommand(folder.isKept()), this::connect);
	}

	/**
	 * Servers with temporary data may be shared by dozens of test contexts, each with its
	 * own pools.
	 */
	private List<String> getCommand(boolean durable) {
		List<String> command = this.installation.command("postgres", "-D", this.data.toString(), "-p",
				Integer.toString(this.port), "-c", "listen_addresses=localhost", "-c", "unix_socket_directories=", "-c",
				"max_connections=" + (durable ? 300 : 1000), "-c", "timezone=UTC");
		if (!durable) {
			command.addAll(List.of("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"));
		}
		return command;
	}

	private Connection connect() throws SQLException {
		return JdbcDrivers.connect("org.postgresql.Driver", "jdbc:postgresql://localhost:" + this.port
				+ "/postgres?user=" + PostgresInstallation.SUPERUSER + "&sslmode=disable");
	}

	@Override
	public String createDatabase(String name) throws SQLException {
		try (Connection connection = connect()) {
			if (!exists(connection, name)) {
				try (Statement statement = connection.createStatement()) {
					statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true));
				}
			}
		}
		return url(name);
	}

	@Override
	public String createCopy(String name, String source) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true) + " TEMPLATE "
					+ statement.enquoteIdentifier(source, true));
		}
		return url(name);
	}

	private String url(String name) {
		return "postgresql://" + PostgresInstallation.SUPERUSER + "@localhost:" + this.port + "/" + name;
	}

	@Override
	public void dropDatabase(String name) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("DROP DATABASE IF EXISTS " + statement.enquoteIdentifier(name, true) + " WITH (FORCE)");
		}
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
	public void close() throws IOException, InterruptedException {
		if (!this.process.isAlive()) {
			return;
		}
		// unlike SIGTERM, this does not wait for clients
		this.program.run(this.installation.command("pg_ctl", "stop", "-D", this.data.toString(), "-m", "fast", "-W"));
		ServerProgram.awaitEnd(this.process);
	}

}
