package io.appdbs.restore;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.appdbs.restore.program.ProgramRun;
import org.awaitility.Awaitility;

import org.springframework.util.FileSystemUtils;

/**
 * A server of the installed MariaDB, whose databases are backed up.
 */
final class LocalMariaDb implements AutoCloseable {

	private final Path folder;

	private final int port;

	private final Process process;

	LocalMariaDb() throws Exception {
		this.folder = Files.createTempDirectory("appdbs-mariadb-");
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = socket.getLocalPort();
		}
		List<String> install = new ArrayList<>(List.of(find("mariadb-install-db"), "--no-defaults",
				"--datadir=" + getData(), "--auth-root-authentication-method=normal", "--skip-test-db"));
		List<String> start = new ArrayList<>(List.of(find("mariadbd"), "--no-defaults", "--datadir=" + getData(),
				"--port=" + this.port, "--bind-address=127.0.0.1", "--socket=" + getSocket(),
				"--pid-file=" + this.folder.resolve("pid"), "--innodb-flush-log-at-trx-commit=0"));
		if (DataFolder.isRoot()) {
			install.add("--user=root");
			start.add("--user=root");
		}
		new ProgramRun(install).run();
		this.process = new ProcessBuilder(start).redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("log").toFile())
			.start();
		Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
			connect("mysql").close();
			return true;
		});
	}

	static String find(String program) {
		return RequiresPrograms.Condition.find(program).toString();
	}

	Path getData() {
		return this.folder.resolve("data");
	}

	Path getSocket() {
		return this.folder.resolve("s");
	}

	int getPort() {
		return this.port;
	}

	Connection connect(String database) throws SQLException {
		return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + this.port + "/" + database, "root", "");
	}

	void execute(String database, String... statements) throws SQLException {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	/**
	 * Creates a database with the tables of a shop.
	 */
	void createShop(String database, int rows) throws SQLException {
		execute("mysql", "CREATE DATABASE `" + database + "`");
		execute(database, "CREATE TABLE customer (id int PRIMARY KEY, name varchar(100) NOT NULL)",
				"CREATE TABLE item (id int AUTO_INCREMENT PRIMARY KEY, customer int NOT NULL, total int NOT NULL,"
						+ " placed datetime NOT NULL, FOREIGN KEY item_customer (customer) REFERENCES customer (id))",
				"CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50),"
						+ " type varchar(20), script varchar(1000), success bool NOT NULL)",
				"INSERT INTO flyway_schema_history VALUES (1, '1', 'SQL', 'V1__a.sql', true), (2, '10', 'SQL', 'V10__b.sql', true)",
				"INSERT INTO customer SELECT seq, concat('customer ', seq) FROM seq_1_to_100",
				"INSERT INTO item (customer, total, placed) SELECT 1 + seq % 100, seq, utc_timestamp() FROM seq_1_to_"
						+ rows);
	}

	/**
	 * Runs {@code mariadb-dump}.
	 */
	Path dump(Path target, String... options) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(find("mysqldump"), "--no-defaults", "--host=127.0.0.1", "--protocol=tcp", "--port=" + this.port,
						"--user=root", "--single-transaction", "--result-file=" + target));
		command.addAll(Arrays.asList(options));
		new ProgramRun(command).run();
		return target;
	}

	/**
	 * Runs {@code mariadb-backup}.
	 */
	void backUp(String... options) throws Exception {
		List<String> command = new ArrayList<>(List.of(find("mariadb-backup"), "--no-defaults", "--backup",
				"--user=root", "--socket=" + getSocket(), "--datadir=" + getData()));
		command.addAll(Arrays.asList(options));
		new ProgramRun(command).run();
	}

	@Override
	public void close() throws IOException {
		this.process.destroy();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
