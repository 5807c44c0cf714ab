package io.appdbs.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.embedded.ScratchDirectory;
import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;
import io.appdbs.restore.sql.PostgresDialect;
import io.appdbs.restore.sql.ScratchDatabase;
import io.appdbs.restore.sql.Sql;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server on restored files.
 */
final class PhysicalPostgres implements PhysicalServer {

	private static final Path UNSHARE = Path.of("/usr/bin/unshare");

	private static final String HOST = "127.0.0.1";

	// does not archive into the repository of the original server, does not replicate
	// from
	// or to it, runs no jobs of extensions, and accepts no connection before it has a
	// password
	private static final Map<String, String> SETTINGS = Map.ofEntries(Map.entry("archive_mode", "off"),
			Map.entry("archive_command", ""), Map.entry("archive_cleanup_command", ""),
			Map.entry("recovery_end_command", ""), Map.entry("primary_conninfo", ""),
			Map.entry("primary_slot_name", ""), Map.entry("max_logical_replication_workers", "0"),
			Map.entry("max_wal_senders", "0"), Map.entry("synchronous_standby_names", ""),
			Map.entry("shared_preload_libraries", ""), Map.entry("session_preload_libraries", ""),
			Map.entry("local_preload_libraries", ""), Map.entry("hot_standby", "off"),
			Map.entry("recovery_target_action", "promote"), Map.entry("max_prepared_transactions", "100"),
			Map.entry("listen_addresses", HOST), Map.entry("unix_socket_directories", ""), Map.entry("ssl", "off"),
			Map.entry("external_pid_file", ""), Map.entry("logging_collector", "off"),
			Map.entry("log_destination", "stderr"), Map.entry("log_statement", "none"),
			Map.entry("log_min_error_statement", "panic"), Map.entry("autovacuum", "off"), Map.entry("fsync", "off"));

	private final ScratchDirectory directory;

	private final RestorePlan plan;

	private final ServerVersion backup;

	private @Nullable ServerVersion version;

	PhysicalPostgres(ScratchDirectory directory, RestorePlan plan) throws IOException, RestoreFailure {
		this.directory = directory;
		this.plan = plan;
		this.backup = ServerVersion.parse(ServerVersion.POSTGRESQL,
				Files.readString(directory.getData().resolve("PG_VERSION")).trim());
	}

	@Override
	public ServerVersion getBackupServer() {
		return this.backup;
	}

	@Override
	public ServerVersion getVersion() {
		return (this.version != null) ? this.version : this.backup;
	}

	@Override
	public ScratchDatabase start() throws Exception {
		if (Files.exists(this.directory.getData().resolve("standby.signal"))) {
			throw new RestoreFailure("The backup was restored as a standby, which never ends its recovery."
					+ " Restore without --type=standby.");
		}
		Path program = this.plan.programs().findPostgresServer(this.backup.major());
		int port = this.directory.findFreePort();
		ScratchDatabase template = new ScratchDatabase(new PostgresDialect(), HOST, port, "template1",
				this.plan.superuser(), null, Map.of(), true);
		this.directory.startServer(program, getCommand(program, port), this.plan.timeout(), () -> attempt(template));
		ScratchDatabase secured = template.dialect().secure(template, RestoreTarget.createPassword());
		checkDatabase(secured);
		return secured.withName(this.plan.database());
	}

	private List<String> getCommand(Path program, int port) throws IOException {
		Path configuration = Files.createFile(this.directory.getFile("postgresql.conf"));
		Path clients = Files.writeString(this.directory.getFile("pg_hba.conf"), "host all all " + HOST + "/32 trust\n");
		Path users = Files.createFile(this.directory.getFile("pg_ident.conf"));
		List<String> command = new ArrayList<>();
		if (DataFolder.isRoot() && Files.isExecutable(UNSHARE)) {
			// PostgreSQL refuses to run as root
			command.addAll(List.of(UNSHARE.toString(), "-U"));
		}
		command
			.addAll(List.of(program.toString(), "-D", this.directory.getData().toString(), "-p", Integer.toString(port),
					"-c", "config_file=" + configuration, "-c", "hba_file=" + clients, "-c", "ident_file=" + users));
		SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
		return command;
	}

	private static void attempt(ScratchDatabase database) throws SQLException {
		try (Connection connection = database.connect()) {
			connection.isValid(1);
		}
		catch (SQLException ex) {
			// an unknown login is reported by the next connection
			if (!"28000".equals(ex.getSQLState())) {
				throw ex;
			}
		}
	}

	private void checkDatabase(ScratchDatabase server) throws SQLException, RestoreFailure {
		try (Connection connection = server.connect()) {
			this.version = server.dialect().readVersion(connection);
			List<String> names = new Sql(connection)
				.strings("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1");
			if (!names.contains(this.plan.database())) {
				throw new RestoreFailure("The restored server has no database '" + this.plan.database() + "'. Known: "
						+ String.join(", ", names) + ". Name the right one with database(\"…\").");
			}
		}
	}

}
