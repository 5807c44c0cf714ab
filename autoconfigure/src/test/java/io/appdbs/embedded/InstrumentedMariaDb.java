package io.appdbs.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB server whose performance schema is on, which is off by default.
 */
public final class InstrumentedMariaDb implements AutoCloseable {

	private final ServerFolder folder = new ServerFolder("mariadb", null);

	private final int port;

	private final Process process;

	public InstrumentedMariaDb() throws Exception {
		Path data = this.folder.open();
		MariaDbInstallation installation = MariaDbInstallation.of(this.folder);
		this.folder.initialize(installation.getTemplate());
		this.port = ServerProgram.findFreePort();
		List<String> command = new ArrayList<>(installation.getServerCommand(data, this.port, false));
		command.add("--performance-schema=ON");
		this.process = installation.createProgram(this.folder.getLog()).startServer(command, this::connect);
	}

	private Connection connect() throws SQLException {
		return JdbcDrivers.connect("org.mariadb.jdbc.Driver", "jdbc:mariadb://localhost:" + this.port + "/?user=root");
	}

	/**
	 * Returns the host and the port of the server.
	 */
	public String address() {
		return "localhost:" + this.port;
	}

	@Override
	public void close() throws Exception {
		this.process.destroy();
		ServerProgram.awaitEnd(this.process);
		this.folder.close();
	}

}
