package io.appdbs.testsupport.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A running MySQL. The user {@code root} has no password.
 */
public final class MySqlServer implements AutoCloseable {

	private static final List<String> FILES = List.of("--innodb-redo-log-capacity=8M",
			"--innodb-data-file-path=ibdata1:12M:autoextend", "--innodb-temp-data-file-path=ibtmp1:12M:autoextend");

	private static final List<String> NOT_DURABLE = List.of("--innodb-flush-log-at-trx-commit=0",
			"--innodb-doublewrite=OFF", "--innodb-flush-method=nosync", "--sync-binlog=0");

	private static final AtomicInteger names = new AtomicInteger();

	private final ServersFolder servers;

	private final Path folder;

	private final int port;

	private final List<String> options;

	private ServerProcess process;

	private MySqlServer(ServersFolder servers, List<String> options) throws IOException {
		this.servers = servers;
		this.folder = Files.createTempDirectory("appdbs-mysql-");
		this.options = options;
		Path template = servers.getTemplate("mysql-1", this::createTemplate);
		ServerProcess.run(List.of("cp", "-a", template.toString(), data().toString()));
		this.port = ServerProcess.findFreePort();
		this.process = startProcess();
	}

	static MySqlServer start(ServersFolder servers, String... options) throws IOException {
		return new MySqlServer(servers, List.of(options));
	}

	private void createTemplate(Path data) throws IOException {
		List<String> command = command(data);
		command.add("--initialize-insecure");
		ServerProcess.run(command);
		// each server gets an identifier of its own
		Files.delete(data.resolve("auto.cnf"));
	}

	private List<String> command(Path data) {
		Path system = this.servers.getSystem();
		List<String> command = new ArrayList<>();
		command.add(system.resolve("usr/sbin/mysqld").toString());
		command.addAll(List.of("--no-defaults", "--basedir=" + system.resolve("usr"), "--datadir=" + data,
				"--lc-messages-dir=" + system.resolve("usr/share/mysql"),
				"--character-sets-dir=" + system.resolve("usr/share/mysql/charsets"),
				"--plugin-dir=" + system.resolve("usr/lib/mysql/plugin"), "--secure-file-priv="));
		if (System.getProperty("user.name").equals("root")) {
			// the server refuses to run as root without this option
			command.add("--user=root");
		}
		command.addAll(FILES);
		command.addAll(NOT_DURABLE);
		return command;
	}

	private ServerProcess startProcess() throws IOException {
		List<String> command = command(data());
		command.addAll(List.of("--port=" + this.port, "--bind-address=127.0.0.1", "--socket=mysql.sock",
				"--pid-file=mysql.pid", "--mysqlx=OFF", "--max-connections=300", "--innodb-buffer-pool-size=64M",
				"--innodb-redo-log-capacity=128M", "--table-open-cache=400", "--table-definition-cache=400"));
		command.addAll(this.options);
		return ServerProcess.start(this.folder, "KILL", command, this::connect);
	}

	private Path data() {
		return this.folder.resolve("data");
	}

	/**
	 * Returns host and port.
	 */
	public String getAddress() {
		return "127.0.0.1:" + this.port;
	}

	public int getPort() {
		return this.port;
	}

	/**
	 * Creates a new database.
	 * @param prefix the start of its name
	 * @return the name
	 */
	public String createDatabase(String prefix) throws SQLException {
		String name = prefix + "_" + names.incrementAndGet();
		execute("CREATE DATABASE `" + name + "`");
		return name;
	}

	/**
	 * Returns the URL of a database, without a user.
	 */
	public String getUrl(String database) {
		return "mysql://" + getAddress() + "/" + database;
	}

	/**
	 * Opens a connection of the administrator, without a database.
	 */
	public Connection connect() throws SQLException {
		return DriverManager.getConnection("jdbc:mysql://" + getAddress()
				+ "/?user=root&sslMode=DISABLED&connectTimeout=5000&sessionVariables=lock_wait_timeout=30");
	}

	/**
	 * Executes statements as the administrator.
	 */
	public void execute(String... statements) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	/**
	 * Returns the columns of the first row of a query of the administrator, separated by
	 * spaces.
	 */
	public String query(String sql) throws SQLException {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			String[] columns = new String[rows.getMetaData().getColumnCount()];
			rows.next();
			for (int i = 0; i < columns.length; i++) {
				columns[i] = rows.getString(i + 1);
			}
			return String.join(" ", Arrays.asList(columns));
		}
	}

	/**
	 * Stops all threads of the server. Connections stay open, but nothing is answered.
	 */
	public void pause() throws IOException {
		this.process.signal("STOP");
	}

	/**
	 * Continues after {@link #pause()}.
	 */
	public void resume() throws IOException {
		this.process.signal("CONT");
	}

	/**
	 * Kills the server.
	 */
	public void kill() throws IOException {
		this.process.stop(true);
	}

	/**
	 * Starts the server again after {@link #kill()}, with the same port and data.
	 */
	public void restart() throws IOException {
		this.process = startProcess();
	}

	/**
	 * Kills the server and deletes its data.
	 */
	@Override
	public void close() throws IOException {
		this.process.stop(false);
	}

}
