package io.appdbs.testsupport.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An installed PostgreSQL that archives its log into a repository of pgBackRest. Its
 * folder is deleted when it is closed, or this JVM ends.
 */
public final class PgBackRestServer implements AutoCloseable {

	static final Path INSTALLATIONS = Path.of("/usr/lib/postgresql");

	/** The stanza. */
	public static final String STANZA = "orders";

	private static final String SETTINGS = """
			listen_addresses = '127.0.0.1'
			unix_socket_directories = '%s'
			archive_mode = on
			archive_command = '%s archive-push %%p'
			fsync = off
			""";

	private static final String CONFIGURATION = """
			[global]
			repo1-path=%1$s/repo
			log-path=%1$s/log
			lock-path=%1$s/lock
			spool-path=%1$s/spool
			start-fast=y
			compress-level=1
			[%3$s]
			pg1-path=%1$s/data
			pg1-port=%2$d
			pg1-socket-path=%1$s
			pg1-user=postgres
			""";

	private final Path folder;

	private final Path programs;

	private final int port;

	private final ServerProcess process;

	public PgBackRestServer() {
		try {
			this.folder = Files.createTempDirectory("appdbs-pgbackrest-");
			this.programs = findPrograms();
			this.port = ServerProcess.findFreePort();
			Files.writeString(this.folder.resolve("pgbackrest.conf"),
					CONFIGURATION.formatted(this.folder, this.port, STANZA));
			Path data = this.folder.resolve("data");
			ServerProcess.run(asUser(this.programs.resolve("initdb").toString(), "-D", data.toString(), "-U",
					"postgres", "-A", "trust", "--no-sync"));
			Files.writeString(data.resolve("postgresql.conf"),
					SETTINGS.formatted(this.folder, String.join(" ", getCommand()) + " --stanza=" + STANZA),
					StandardOpenOption.APPEND);
			this.process = ServerProcess.start(this.folder, "QUIT", asUser(this.programs.resolve("postgres").toString(),
					"-D", data.toString(), "-p", Integer.toString(this.port)), this::connect);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Path findPgBackRest() {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((folder) -> Path.of(folder, "pgbackrest"))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	static Path findPrograms() {
		if (!Files.isDirectory(INSTALLATIONS)) {
			return null;
		}
		try (Stream<Path> versions = Files.list(INSTALLATIONS)) {
			return versions.map((version) -> version.resolve("bin"))
				.filter((programs) -> Files.isExecutable(programs.resolve("initdb"))
						&& Files.isExecutable(programs.resolve("postgres")))
				.sorted()
				.findFirst()
				.orElse(null);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Returns the command with the option that names its configuration.
	 */
	public List<String> getCommand() {
		return List.of("pgbackrest", "--config=" + this.folder.resolve("pgbackrest.conf"));
	}

	/**
	 * Runs pgBackRest with the stanza and waits until it ends.
	 */
	public void pgBackRest(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(getCommand());
		command.add("--stanza=" + STANZA);
		command.addAll(List.of(arguments));
		ServerProcess.run(asUser(command.toArray(String[]::new)));
	}

	/**
	 * Returns the folder of the repository.
	 */
	public Path getRepository() {
		return this.folder.resolve("repo");
	}

	// PostgreSQL refuses to run as root, so root runs it in a user namespace as nobody
	private static List<String> asUser(String... command) {
		List<String> all = new ArrayList<>();
		if (System.getProperty("user.name").equals("root")) {
			all.addAll(List.of("unshare", "-U"));
		}
		all.addAll(List.of(command));
		return all;
	}

	/**
	 * Returns the URL as in {@code app.dbs.<name>.url}, for the administrator.
	 */
	public String getUrl() {
		return "postgresql://postgres@127.0.0.1:" + this.port + "/postgres";
	}

	public void execute(String... statements) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	public Connection connect() throws SQLException {
		return DriverManager
			.getConnection("jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=postgres&sslmode=disable");
	}

	@Override
	public void close() throws IOException {
		this.process.stop(false);
	}

}
