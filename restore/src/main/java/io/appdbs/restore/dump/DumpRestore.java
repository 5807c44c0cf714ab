package io.appdbs.restore.dump;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.restore.program.ProgramRun;
import io.appdbs.restore.program.Programs;
import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.sql.MariaDbDialect;
import io.appdbs.restore.sql.ScratchDatabase;
import org.jspecify.annotations.Nullable;

/**
 * Restores a dump with the program of its server.
 *
 * @param dump the dump
 * @param programs the programs of servers
 * @param withOwners whether owners and privileges are restored as well
 */
public record DumpRestore(Dump dump, Programs programs, boolean withOwners) {

	/**
	 * Restores the dump.
	 * @param database the database, which is empty
	 * @throws RestoreFailure if the program reports an error
	 * @throws InterruptedException if the thread is interrupted
	 * @throws IOException if the file with the password cannot be written
	 */
	public void restoreInto(ScratchDatabase database) throws RestoreFailure, InterruptedException, IOException {
		switch (this.dump.format()) {
			case POSTGRES_ARCHIVE -> restoreArchive(database);
			case POSTGRES_SQL -> restorePostgresSql(database);
			case MYSQL_SQL -> restoreMySqlSql(database);
		}
	}

	private void restoreArchive(ScratchDatabase database) throws RestoreFailure, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(findPostgres("pg_restore"));
		command.addAll(List.of("--exit-on-error", "--no-password"));
		if (!this.withOwners) {
			command.addAll(List.of("--no-owner", "--no-privileges"));
		}
		addConnection(command, database);
		command.add(this.dump.path().toAbsolutePath().toString());
		runPostgres(new ProgramRun(command), database);
	}

	private void restorePostgresSql(ScratchDatabase database) throws RestoreFailure, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(findPostgres("psql"));
		command.addAll(List.of("--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"));
		addConnection(command, database);
		runPostgres(new ProgramRun(command).input(new SqlFile(this.dump.path())::open), database);
	}

	private String findPostgres(String name) throws RestoreFailure, InterruptedException {
		return this.programs.findPostgres(name, this.dump.toolVersion(), DumpReader.POSTGRES_CLIENT).toString();
	}

	private static void addConnection(List<String> command, ScratchDatabase database) {
		// a name could otherwise be read as a connection string
		String name = database.name().replace("\\", "\\\\").replace("'", "\\'");
		command.addAll(List.of("--host=" + database.host(), "--port=" + database.port(),
				"--username=" + database.username(), "--dbname=dbname='" + name + "'"));
	}

	private void runPostgres(ProgramRun run, ScratchDatabase database) throws RestoreFailure, InterruptedException {
		run.withoutEnvironment("PG").environment("PGCONNECT_TIMEOUT", "10").environment("PGAPPNAME", "appdbs-restore");
		if (database.password() != null) {
			run.environment("PGPASSWORD", database.password()).secret(database.password());
		}
		copyParameter(run, database, "sslmode", "PGSSLMODE");
		copyParameter(run, database, "sslrootcert", "PGSSLROOTCERT");
		try {
			run.run();
		}
		catch (RestoreFailure ex) {
			throw explain(ex);
		}
	}

	private static void copyParameter(ProgramRun run, ScratchDatabase database, String parameter, String variable) {
		String value = database.parameters().get(parameter);
		if (value != null) {
			run.environment(variable, value);
		}
	}

	private static RestoreFailure explain(RestoreFailure ex) {
		String message = String.valueOf(ex.getMessage());
		if (message.matches("(?s).*role \".*\" does not exist.*")) {
			return new RestoreFailure(message + "\n  Name the roles that the dump mentions with roles(…).", ex);
		}
		if (message.contains("is not available") && message.contains("extension")) {
			return new RestoreFailure(
					message + "\n  Restore into a server with this extension, for example a container.", ex);
		}
		return ex;
	}

	private void restoreMySqlSql(ScratchDatabase database) throws RestoreFailure, InterruptedException, IOException {
		boolean mariaDb = database.dialect() == MariaDbDialect.MARIADB;
		Path program = this.programs.findFirst("Debian's package mariadb-client or default-mysql-client",
				mariaDb ? new String[] { "mariadb", "mysql" } : new String[] { "mysql", "mariadb" });
		Path options = writeOptions(database.password());
		try {
			List<String> command = new ArrayList<>(List.of(program.toString(), "--defaults-file=" + options, "--batch",
					"--protocol=tcp", "--host=" + database.host(), "--port=" + database.port(),
					"--user=" + database.username(), "--default-character-set=utf8mb4", "--max-allowed-packet=1G"));
			if (database.own()) {
				command.add("--skip-ssl");
			}
			command.add("--database=" + database.name());
			// ~/.mylogin.cnf would override the options
			new ProgramRun(command).withoutEnvironment("MYSQL_")
				.environment("MYSQL_TEST_LOGIN_FILE", options + ".none")
				.secret(database.password())
				.input(new SqlFile(this.dump.path())::open)
				.run();
		}
		finally {
			Files.delete(options);
		}
	}

	private static Path writeOptions(@Nullable String password) throws IOException {
		Path file = Files.createTempFile("appdbs-restore-", ".cnf");
		if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
		}
		String value = (password != null) ? password.replace("\\", "\\\\").replace("\"", "\\\"") : "";
		Files.writeString(file, "[client]\npassword=\"" + value + "\"\n", StandardCharsets.UTF_8);
		return file;
	}

}
