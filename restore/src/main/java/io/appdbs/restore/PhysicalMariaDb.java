package io.appdbs.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.appdbs.embedded.ScratchDirectory;
import io.appdbs.restore.program.ProgramRun;
import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;
import io.appdbs.restore.sql.MariaDbDialect;
import io.appdbs.restore.sql.ScratchDatabase;
import io.appdbs.restore.sql.Sql;
import org.jspecify.annotations.Nullable;

/**
 * A MariaDB server on files that {@code mariadb-backup} has prepared.
 */
final class PhysicalMariaDb implements PhysicalServer {

	private static final String USER = "appdbs_restore";

	private static final String HOST = "127.0.0.1";

	private final ScratchDirectory directory;

	private final RestorePlan plan;

	private final DataFolder data;

	private final @Nullable ServerVersion backup;

	private @Nullable ServerVersion version;

	PhysicalMariaDb(ScratchDirectory directory, RestorePlan plan) throws IOException, RestoreFailure {
		this.directory = directory;
		this.plan = plan;
		this.data = new DataFolder(directory.getData());
		String version = read("_info", "server_version").orElse(null);
		this.backup = (version != null) ? MariaDbDialect.parseVersion(version) : null;
	}

	// the names of the files depend on the version of mariadb-backup
	private Optional<String> read(String file, String name) throws IOException {
		Optional<String> value = this.data.readValue("mariadb_backup" + file, name);
		return value.isPresent() ? value : this.data.readValue("xtrabackup" + file, name);
	}

	@Override
	public @Nullable ServerVersion getBackupServer() {
		return this.backup;
	}

	@Override
	public ServerVersion getVersion() {
		if (this.version == null) {
			throw new IllegalStateException("Not started");
		}
		return this.version;
	}

	@Override
	public ScratchDatabase start() throws Exception {
		if (read("_checkpoints", "backup_type").filter((type) -> type.endsWith("backuped")).isPresent()) {
			throw new RestoreFailure(
					"The backup of mariadb-backup is not prepared. Use mariaDbBackup(…), which prepares a copy.");
		}
		Path program = this.plan.programs().findFirst("Debian's package mariadb-server", "mariadbd", "mysqld");
		checkSeries(program);
		int port = this.directory.findFreePort();
		String password = "Aa1-" + RestoreTarget.createPassword();
		ScratchDatabase server = new ScratchDatabase(MariaDbDialect.MARIADB, HOST, port, "mysql", USER, password,
				Map.of(), true);
		List<String> command = getCommand(program, port, writeLogin(password));
		this.directory.startServer(program, command, this.plan.timeout(), () -> attempt(server));
		checkDatabase(server);
		return server.withName(this.plan.database());
	}

	private void checkSeries(Path program) throws RestoreFailure, InterruptedException {
		ServerVersion installed = MariaDbDialect
			.parseVersion(new ProgramRun(List.of(program.toString(), "--version")).run());
		ServerVersion backup = this.backup;
		if (backup != null && !(backup.product() + backup.series()).equals(installed.product() + installed.series())) {
			throw new RestoreFailure("The backup is one of " + backup + ", but " + program + " is " + installed
					+ ". Install the same release series, or name its folder with programs(…).");
		}
	}

	// executed before the server accepts a connection
	private Path writeLogin(String password) throws IOException {
		Path file = this.directory.getFile("login.sql");
		if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		}
		String statements = Stream.of("localhost", HOST)
			.map((host) -> "'" + USER + "'@'" + host + "'")
			.map((user) -> "CREATE OR REPLACE USER " + user + " IDENTIFIED BY '" + password + "';\nGRANT ALL ON *.* TO "
					+ user + ";\n")
			.reduce("", String::concat);
		return Files.writeString(file, statements);
	}

	// starts no replication, no events and no binary log
	private List<String> getCommand(Path program, int port, Path login) {
		Path options = this.data.path().resolve("backup-my.cnf");
		List<String> command = new ArrayList<>(List.of(program.toString(),
				Files.exists(options) ? "--defaults-file=" + options : "--no-defaults", "--datadir=" + this.data.path(),
				"--port=" + port, "--bind-address=" + HOST, "--socket=mariadb.sock",
				"--pid-file=" + this.directory.getFile("mariadb.pid"), "--tmpdir=" + this.data.path(),
				"--init-file=" + login, "--skip-name-resolve", "--skip-ssl", "--skip-slave-start",
				"--event-scheduler=OFF", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"));
		if (DataFolder.isRoot()) {
			command.add("--user=root");
		}
		return command;
	}

	private static void attempt(ScratchDatabase database) throws SQLException {
		try (Connection connection = database.connect()) {
			connection.isValid(1);
		}
	}

	private void checkDatabase(ScratchDatabase server) throws SQLException, RestoreFailure {
		try (Connection connection = server.connect()) {
			this.version = server.dialect().readVersion(connection);
			List<String> names = new Sql(connection).strings("SELECT schema_name FROM information_schema.schemata WHERE"
					+ " schema_name NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') ORDER BY 1");
			if (!names.contains(this.plan.database())) {
				throw new RestoreFailure("The restored server has no database '" + this.plan.database() + "'. Known: "
						+ (names.isEmpty() ? "none" : String.join(", ", names))
						+ ". Name the right one with database(\"…\").");
			}
		}
	}

}
