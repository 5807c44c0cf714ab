package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that can be killed, stopped, paused and restarted with the same
 * port and data, and keeps committed data.
 */
public final class RestartablePostgres implements AutoCloseable {

	private final ServerFolder folder = new ServerFolder("postgresql", null);

	private final ServerProgram program;

	private final List<String> command;

	private final int port;

	private Process process;

	private final Path data;

	private RestartablePostgres(@Nullable RestartablePostgres followed) throws Exception {
		this.data = this.folder.open();
		this.program = new ServerProgram(this.folder.getLog(), Map.of());
		PostgresInstallation installation = PostgresInstallation.of(this.folder, this.program);
		this.folder.initialize((followed != null) ? followed.data : installation.getTemplate());
		if (followed != null) {
			Files.createFile(this.data.resolve("standby.signal"));
			Files.writeString(this.data.resolve("postgresql.auto.conf"),
					"primary_conninfo = 'host=localhost port=%d user=%s'%n".formatted(followed.port,
							PostgresInstallation.SUPERUSER));
		}
		this.port = ServerProgram.findFreePort();
		// without fsync, committed data survives if the server is killed, but not if the
		// machine is
		this.command = installation.command("postgres", "-D", this.data.toString(), "-p", String.valueOf(this.port),
				"-c", "listen_addresses=localhost", "-c", "unix_socket_directories=", "-c", "fsync=off");
		this.process = this.program.startServer(this.command, () -> connect("postgres"));
	}

	/**
	 * Starts a new server.
	 */
	public static RestartablePostgres create() throws Exception {
		return new RestartablePostgres(null);
	}

	/**
	 * Starts a replica of this server, which is stopped for a moment.
	 */
	public RestartablePostgres createStandby() throws Exception {
		stop();
		try {
			return new RestartablePostgres(this);
		}
		finally {
			restart();
		}
	}

	/**
	 * Returns host and port.
	 */
	public String address() {
		return "localhost:" + this.port;
	}

	/**
	 * Connects as administrator.
	 */
	public Connection connect(String database) throws SQLException {
		return JdbcDrivers.connect("org.postgresql.Driver",
				"jdbc:postgresql://" + address() + "/" + database + "?user=" + PostgresInstallation.SUPERUSER);
	}

	public void execute(String database, String sql) throws SQLException {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Kills all processes of the server.
	 */
	public void kill() throws IOException, InterruptedException {
		signal("KILL", processes());
		ServerProgram.awaitEnd(this.process);
	}

	/**
	 * Shuts down the server without waiting for its clients.
	 */
	public void stop() throws IOException, InterruptedException {
		signal("INT", Stream.of(this.process.toHandle()));
		ServerProgram.awaitEnd(this.process);
	}

	/**
	 * Starts the server again.
	 */
	public void restart() throws IOException, InterruptedException {
		this.process = this.program.startServer(this.command, () -> connect("postgres"));
	}

	public void pause() throws IOException, InterruptedException {
		signal("STOP", processes());
	}

	public void resume() throws IOException, InterruptedException {
		signal("CONT", processes());
	}

	private Stream<ProcessHandle> processes() {
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants());
	}

	private static void signal(String signal, Stream<ProcessHandle> processes)
			throws IOException, InterruptedException {
		String pids = String.join(" ", processes.map((process) -> String.valueOf(process.pid())).toList());
		// a process may have ended in the meantime
		new ProcessBuilder("sh", "-c", "kill -%s %s 2>/dev/null".formatted(signal, pids)).start().waitFor();
	}

	@Override
	public void close() throws Exception {
		try {
			kill();
		}
		finally {
			this.folder.close();
		}
	}

}
