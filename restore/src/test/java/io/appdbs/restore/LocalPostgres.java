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
 * A server of the installed PostgreSQL, whose databases are backed up.
 */
final class LocalPostgres implements AutoCloseable {

	private final Path folder;

	private final Path binaries;

	private final int port;

	private final Process process;

	LocalPostgres(String... settings) throws Exception {
		this.binaries = RequiresPrograms.Condition.find("initdb").toRealPath().resolveSibling("");
		this.folder = Files.createTempDirectory("appdbs-postgres-");
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.port = socket.getLocalPort();
		}
		run("initdb", "-D", getData().toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
				"--no-sync");
		List<String> command = command("postgres", "-D", getData().toString(), "-p", Integer.toString(this.port), "-k",
				this.folder.toString(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c",
				"shared_preload_libraries=", "-c", "synchronous_standby_names=");
		command.addAll(Arrays.asList(settings));
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("log").toFile())
			.start();
		Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
			connect("postgres").close();
			return true;
		});
	}

	private List<String> command(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		if ("root".equals(System.getProperty("user.name"))) {
			command.addAll(List.of("unshare", "-U"));
		}
		command.add(this.binaries.resolve(program).toString());
		command.addAll(Arrays.asList(arguments));
		return command;
	}

	Path getData() {
		return this.folder.resolve("data");
	}

	Path getFolder() {
		return this.folder;
	}

	int getPort() {
		return this.port;
	}

	Connection connect(String database) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + this.port + "/" + database, "postgres", "");
	}

	void execute(String database, String... statements) throws SQLException {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	/**
	 * Creates the database {@code orders}.
	 */
	void createShop(int rows) throws SQLException {
		execute("postgres", "CREATE DATABASE orders");
		execute("orders",
				"""
						CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL);
						CREATE TABLE item (id bigserial PRIMARY KEY, customer int NOT NULL REFERENCES customer,
							total numeric NOT NULL CHECK (total >= 0), placed timestamptz NOT NULL, note text);
						CREATE INDEX item_placed ON item (placed);
						CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), type varchar(20),
							script varchar(1000), success boolean NOT NULL);
						INSERT INTO flyway_schema_history VALUES (1, '1', 'SQL', 'V1__a.sql', true), (2, '10', 'SQL', 'V10__b.sql', true);
						INSERT INTO customer SELECT n, 'customer ' || n FROM generate_series(1, 100) n;
						INSERT INTO item (customer, total, placed, note)
							SELECT 1 + n %% 100, n, now() - n * interval '1 second', md5(n::text) FROM generate_series(1, %d) n
						"""
					.formatted(rows));
	}

	/**
	 * Runs {@code pg_dump} for a database.
	 */
	Path dump(String database, Path target, String... options) throws Exception {
		List<String> command = new ArrayList<>(List.of(this.binaries.resolve("pg_dump").toString(), "-h", "127.0.0.1",
				"-p", Integer.toString(this.port), "-U", "postgres", "-f", target.toString()));
		command.addAll(Arrays.asList(options));
		command.add(database);
		new ProgramRun(command).run();
		return target;
	}

	void run(String program, String... arguments) throws Exception {
		new ProgramRun(command(program, arguments)).run();
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
