package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

/**
 * Copies the data of a running PostgreSQL server for a standby, as {@code pg_basebackup}
 * does, which embedded servers lack.
 *
 * @param connection a connection to the server
 * @param data the data directory of the server
 * @see <a href=
 * "https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP">Making
 * a Base Backup Using the Low Level API</a>
 */
record PostgresBaseBackup(Connection connection, Path data) {

	private static final String SLOT_PREFIX = "appdbs_replica_";

	/** The first version with {@code pg_backup_start}. */
	private static final int VERSION = 15;

	/**
	 * The standby reads the log from the server, and has other replication slots.
	 */
	private static final Set<String> EMPTY = Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial",
			"pg_snapshots", "pg_stat_tmp", "pg_subtrans");

	private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

	/**
	 * Copies the data, and creates the replication slot for which the server keeps its
	 * log from now on.
	 * @param target the data directory of the standby, which is empty
	 * @param number the number of the replica
	 * @return the name of the replication slot
	 */
	String restore(Path target, int number) throws IOException, SQLException {
		if (this.connection.getMetaData().getDatabaseMajorVersion() < VERSION) {
			throw new IOException("replicas require PostgreSQL " + VERSION + " or later, and this is PostgreSQL "
					+ this.connection.getMetaData().getDatabaseProductVersion()
					+ ". Import appdbs-bom, which has a later one");
		}
		String slot = SLOT_PREFIX + number;
		deleteSlots(String.valueOf(number));
		call("SELECT pg_create_physical_replication_slot(?, true)::text", slot);
		call("SELECT pg_backup_start(?, true)::text", slot);
		Files.walkFileTree(this.data, new Copy(this.data, target));
		Files.writeString(target.resolve("backup_label"),
				call("SELECT labelfile FROM pg_backup_stop(?::boolean)", "false"));
		Files.createFile(target.resolve("standby.signal"));
		return slot;
	}

	private String call(String sql, String argument) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			statement.setString(1, argument);
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				return rows.getString(1);
			}
		}
	}

	/**
	 * Deletes replication slots for which the server would keep its log: those of a
	 * replica that could not be started, or that a killed application has left behind in
	 * data that is kept.
	 * @param suffix the end of the names, a pattern
	 */
	void deleteSlots(String suffix) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(
				"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE ?")) {
			statement.setString(1, SLOT_PREFIX + suffix);
			statement.execute();
		}
	}

	/**
	 * Copies files that the server may delete at any time.
	 */
	private static final class Copy extends SimpleFileVisitor<Path> {

		private final Path source;

		private final Path target;

		Copy(Path source, Path target) {
			this.source = source;
			this.target = target;
		}

		@Override
		public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
			Path relative = this.source.relativize(directory);
			if (!directory.equals(this.source)) {
				Files.createDirectory(this.target.resolve(relative));
			}
			return EMPTY.contains(relative.toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
			Path relative = this.source.relativize(file);
			if (!LEFT_OUT.contains(relative.toString())) {
				try {
					Files.copy(file, this.target.resolve(relative));
				}
				catch (NoSuchFileException ex) {
					// replaying the log deletes it too
				}
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
			if (ex instanceof NoSuchFileException) {
				return FileVisitResult.CONTINUE;
			}
			throw ex;
		}

	}

}
