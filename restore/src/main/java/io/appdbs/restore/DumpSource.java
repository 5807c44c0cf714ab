package io.appdbs.restore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

import io.appdbs.restore.dump.Dump;
import io.appdbs.restore.dump.DumpReader;
import io.appdbs.restore.dump.DumpRestore;
import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;
import io.appdbs.restore.sql.ScratchDatabase;
import io.appdbs.restore.sql.Sql;
import org.jspecify.annotations.Nullable;

/**
 * A dump of one database.
 *
 * @param path the file or folder
 */
record DumpSource(Path path) implements BackupSource {

	@Override
	public String describe() {
		return String.valueOf(this.path.getFileName());
	}

	@Override
	public ScratchServer restore(RestorePlan plan, RestoreLog log) throws Exception {
		if (!Files.exists(this.path)) {
			throw new RestoreFailure("The dump " + this.path + " does not exist.");
		}
		RestoreTarget target = Objects.requireNonNull(plan.target());
		String targetDatabase = target.getDatabase(plan.database());
		Dump dump = log.step("read", () -> new DumpReader(plan.programs()).read(this.path, targetDatabase));
		log.setBackupServer(dump.server());
		checkDatabase(dump, plan.database());
		if (dump.format() == Dump.Format.MYSQL_SQL && !plan.roles().isEmpty()) {
			throw new RestoreFailure("roles(…) are only for dumps of PostgreSQL.");
		}
		ScratchServer server = log.step("start", () -> target.open(targetDatabase));
		boolean restored = false;
		try {
			prepare(dump, server.database(), plan.roles(), log);
			log.step("restore", () -> {
				new DumpRestore(dump, plan.programs(), !plan.roles().isEmpty()).restoreInto(server.database());
				return server;
			});
			restored = true;
			return server;
		}
		finally {
			if (!restored) {
				server.closeUninterruptibly();
			}
		}
	}

	private void checkDatabase(Dump dump, String expected) throws RestoreFailure {
		if (dump.database() != null && !dump.database().equals(expected)) {
			throw new RestoreFailure("The dump " + this.path + " is one of the database '" + dump.database()
					+ "'. Expected: '" + expected + "'. If this is the right database, name it with database(\"…\").");
		}
	}

	private void prepare(Dump dump, ScratchDatabase database, List<String> roles, RestoreLog log)
			throws SQLException, RestoreFailure {
		try (Connection connection = database.connect()) {
			ServerVersion version = database.dialect().readVersion(connection);
			log.setScratchServer(version);
			checkVersion(dump, version);
			Sql sql = new Sql(connection);
			List<String> content = database.dialect().findContent(sql);
			if (!content.isEmpty()) {
				throw new RestoreFailure("The " + database + " is not empty: it has " + String.join(", ", content)
						+ ". Nothing is restored into a database with content.");
			}
			for (String role : roles) {
				sql.execute("CREATE ROLE " + database.dialect().quote(role));
			}
		}
	}

	private void checkVersion(Dump dump, ServerVersion target) throws RestoreFailure {
		@Nullable ServerVersion server = dump.server();
		if (!dump.isFor(target)) {
			throw new RestoreFailure(
					"The dump " + this.path + " is one of " + ((server != null) ? server : "another product")
							+ " and cannot be verified on " + target + ". Restore into a server of the same product.");
		}
		if (server != null && target.isOlderThan(server)) {
			throw new RestoreFailure("The dump " + this.path + " is one of " + server + " and cannot be verified on "
					+ target + ", which is older. Restore into version " + server.series() + " or later.");
		}
	}

}
