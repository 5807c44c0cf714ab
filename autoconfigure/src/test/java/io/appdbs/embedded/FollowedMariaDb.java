package io.appdbs.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB server with a binary log, and its replicas.
 */
public final class FollowedMariaDb implements AutoCloseable {

	private final List<Server> servers = new ArrayList<>();

	private FollowedMariaDb() {
	}

	/**
	 * Starts a server and its replicas.
	 * @param followers the number of replicas
	 */
	public static FollowedMariaDb start(int followers) throws Exception {
		FollowedMariaDb started = new FollowedMariaDb();
		try {
			for (int id = 0; id <= followers; id++) {
				started.servers.add(new Server(id));
			}
			for (int id = 1; id <= followers; id++) {
				started.execute(id,
						"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_USER = 'root', MASTER_PORT = %d, "
							.formatted(started.servers.get(0).port)
								+ "MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1, MASTER_SSL = 0");
				started.execute(id, "START SLAVE");
			}
			return started;
		}
		catch (Exception ex) {
			started.close();
			throw ex;
		}
	}

	/**
	 * Returns the host and the port of a server.
	 * @param id 0 for the primary server
	 */
	public String address(int id) {
		return "localhost:" + this.servers.get(id).port;
	}

	public int port(int id) {
		return this.servers.get(id).port;
	}

	public void execute(int id, String sql) throws SQLException {
		try (Connection connection = this.servers.get(id).connect();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() throws Exception {
		for (Server server : this.servers) {
			server.close();
		}
	}

	private static final class Server implements AutoCloseable {

		private final ServerFolder folder = new ServerFolder("mariadb", null);

		private final int port;

		private final Process process;

		Server(int id) throws Exception {
			Path data = this.folder.open();
			MariaDbInstallation installation = MariaDbInstallation.of(this.folder);
			this.folder.initialize(installation.getTemplate());
			this.port = ServerProgram.findFreePort();
			List<String> command = new ArrayList<>(installation.getServerCommand(data, this.port, false));
			command.addAll(List.of("--server-id=" + (id + 1), "--log-bin=binlog"));
			this.process = installation.createProgram(this.folder.getLog()).startServer(command, this::connect);
		}

		Connection connect() throws SQLException {
			return JdbcDrivers.connect("org.mariadb.jdbc.Driver",
					"jdbc:mariadb://localhost:" + this.port + "/?user=root");
		}

		@Override
		public void close() throws Exception {
			this.process.destroy();
			ServerProgram.awaitEnd(this.process);
			this.folder.close();
		}

	}

}
