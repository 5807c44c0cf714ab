package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A running MariaDB server.
 */
final class EmbeddedMariaDbServer implements EmbeddedServer {

	private final int port;

	private final Process process;

	EmbeddedMariaDbServer(ServerFolder folder) throws Exception {
		Path data = folder.open();
		MariaDbInstallation installation = MariaDbInstallation.of(folder);
		folder.initialize(installation.getTemplate());
		this.port = ServerProgram.findFreePort();
		this.process = installation.createProgram(folder.getLog())
			.startServer(installation.getServerCommand(data, this.port, folder.isKept()), this::connect);
	}

	private Connection connect() throws SQLException {
		return JdbcDrivers.connect("org.mariadb.jdbc.Driver", "jdbc:mariadb://localhost:" + this.port + "/?user=root");
	}

	@Override
	public String createDatabase(String name) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("CREATE DATABASE IF NOT EXISTS `" + name.replace("`", "``") + "`");
		}
		return "mariadb://root@localhost:" + this.port + "/" + name;
	}

	@Override
	public void dropDatabase(String name) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("DROP DATABASE IF EXISTS `" + name.replace("`", "``") + "`");
		}
	}

	@Override
	public void close() throws IOException {
		this.process.destroy();
		ServerProgram.awaitEnd(this.process);
	}

}
