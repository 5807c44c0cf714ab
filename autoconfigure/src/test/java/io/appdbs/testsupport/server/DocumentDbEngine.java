package io.appdbs.testsupport.server;

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

/**
 * A running PostgreSQL with the extension DocumentDB, which stores and queries documents.
 */
final class DocumentDbEngine implements AutoCloseable {

	private static final String CONFIGURATION = """
			shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
			cron.database_name = 'postgres'
			documentdb_core.enableCollation = on
			listen_addresses = '127.0.0.1'
			unix_socket_directories = ''
			timezone = 'UTC'
			max_connections = 300
			deadlock_timeout = 50ms
			fsync = off
			synchronous_commit = off
			full_page_writes = off
			""";

	private final Path programs;

	private final int port;

	private final ServerProcess process;

	DocumentDbEngine(ServersFolder servers) throws IOException {
		this.programs = servers.getSystem().resolve("usr/lib/postgresql/18/bin");
		this.port = ServerProcess.findFreePort();
		Path template = servers.getTemplate("documentdb-1", this::createTemplate);
		Path folder = Files.createTempDirectory("appdbs-documentdb-");
		ServerProcess.run(List.of("cp", "-a", template.toString(), folder.resolve("data").toString()));
		this.process = startProcess(folder);
	}

	private void createTemplate(Path part) throws IOException {
		Path folder = Files.createTempDirectory("appdbs-documentdb-");
		Path data = folder.resolve("data");
		ServerProcess.run(command("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8",
				"--locale=C", "--no-sync"));
		Files.writeString(data.resolve("postgresql.conf"), CONFIGURATION, StandardOpenOption.APPEND);
		ServerProcess process = startProcess(folder);
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("CREATE EXTENSION documentdb CASCADE");
			statement.execute("CHECKPOINT");
		}
		catch (SQLException ex) {
			throw new IOException(ex);
		}
		finally {
			process.stop(true);
		}
		ServerProcess.run(List.of("cp", "-a", data.toString(), part.toString()));
		ServerProcess.run(List.of("rm", "-rf", folder.toString()));
	}

	private ServerProcess startProcess(Path folder) throws IOException {
		return ServerProcess.start(folder, "QUIT",
				command("postgres", "-D", folder.resolve("data").toString(), "-p", Integer.toString(this.port)),
				this::connect);
	}

	// PostgreSQL refuses to run as root, so root runs it in a user namespace as nobody
	private List<String> command(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		if (System.getProperty("user.name").equals("root")) {
			command.addAll(List.of("unshare", "-U"));
		}
		command.add(this.programs.resolve(program).toString());
		command.addAll(List.of(arguments));
		return command;
	}

	/**
	 * Returns the JDBC URL for the administrator.
	 */
	String getUrl() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=postgres&sslmode=disable";
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(getUrl());
	}

	@Override
	public void close() throws IOException {
		this.process.stop(false);
	}

}
