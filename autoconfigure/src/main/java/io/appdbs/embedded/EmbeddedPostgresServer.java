package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A running PostgreSQL server, or a standby that follows one.
 */
final class EmbeddedPostgresServer implements EmbeddedServer {

	private static final Duration REPLICATION_TIMEOUT = Duration.ofSeconds(30);

	private final PostgresInstallation installation;

	private final ServerProgram program;

	private final Path data;

	private final @Nullable EmbeddedPostgresServer primary;

	private final int port;

	private final Process process;

	EmbeddedPostgresServer(ServerFolder folder) throws Exception {
		this(folder, null, 0);
	}

	private EmbeddedPostgresServer(ServerFolder folder, @Nullable EmbeddedPostgresServer primary, int number)
			throws Exception {
		this.data = folder.open();
		this.primary = primary;
		this.program = new ServerProgram(folder.getLog(), Map.of());
		this.installation = PostgresInstallation.of(folder, this.program);
		this.port = ServerProgram.findFreePort();
		List<String> command = getCommand(folder.isKept());
		if (primary == null) {
			folder.initialize(this.installation.getTemplate());
		}
		else {
			command.addAll(follow(primary, number));
		}
		this.process = this.program.startServer(command, this::connect);
		if (folder.isKept()) {
			try (Connection connection = connect()) {
				new PostgresBaseBackup(connection, this.data).deleteSlots("%");
			}
		}
	}

	private List<String> follow(EmbeddedPostgresServer primary, int number) throws IOException, SQLException {
		String slot;
		try (Connection connection = primary.connect()) {
			slot = new PostgresBaseBackup(connection, primary.data).restore(this.data, number);
		}
		return List.of("-c", "primary_conninfo=host=localhost port=%d user=%s sslmode=disable".formatted(primary.port,
				PostgresInstallation.SUPERUSER), "-c", "primary_slot_name=" + slot);
	}

	@Override
	public EmbeddedServer startReplica(ServerFolder folder, int number) throws Exception {
		return new EmbeddedPostgresServer(folder, this, number);
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
	public String createDatabase(String name) throws IOException, SQLException, InterruptedException {
		try (Connection connection = connect()) {
			if (this.primary != null) {
				awaitDatabase(connection, name);
			}
			else if (!exists(connection, name)) {
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

	/**
	 * Waits until this standby has received a database.
	 */
	private static void awaitDatabase(Connection connection, String name)
			throws IOException, SQLException, InterruptedException {
		long deadline = System.nanoTime() + REPLICATION_TIMEOUT.toNanos();
		while (!exists(connection, name)) {
			if (System.nanoTime() > deadline) {
				throw new IOException(
						"it has not received the database after " + REPLICATION_TIMEOUT.toSeconds() + " s");
			}
			Thread.sleep(50);
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
