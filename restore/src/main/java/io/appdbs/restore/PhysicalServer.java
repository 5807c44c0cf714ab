package io.appdbs.restore;

import java.nio.file.Files;
import java.nio.file.Path;

import io.appdbs.embedded.ScratchDirectory;
import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;
import io.appdbs.restore.sql.ScratchDatabase;
import org.jspecify.annotations.Nullable;

/**
 * A server on restored files.
 */
interface PhysicalServer {

	/**
	 * Restores files into a scratch directory and starts a server on them.
	 * @return the server; if this fails, the directory is deleted
	 */
	static ScratchServer start(RestorePlan plan, RestoreLog log, FileRestore restore) throws Exception {
		ScratchDirectory directory = ScratchDirectory.open();
		ScratchServer server = null;
		try {
			restore.restore(directory);
			new DataFolder(directory.getData()).adopt();
			PhysicalServer physical = of(directory, plan);
			log.setBackupServer(physical.getBackupServer());
			ScratchDatabase database = log.step("start", physical::start);
			log.setScratchServer(physical.getVersion());
			server = new ScratchServer(database, directory::close);
			return server;
		}
		finally {
			if (server == null) {
				ScratchServer.closeUninterruptibly(directory::close);
			}
		}
	}

	/**
	 * Recognizes the files.
	 * @throws RestoreFailure if they are not those of a server
	 */
	static PhysicalServer of(ScratchDirectory directory, RestorePlan plan) throws Exception {
		Path data = directory.getData();
		if (Files.exists(data.resolve("PG_VERSION"))) {
			return new PhysicalPostgres(directory, plan);
		}
		if (Files.exists(data.resolve("ibdata1"))) {
			return new PhysicalMariaDb(directory, plan);
		}
		throw new RestoreFailure(
				"The restored files are not those of PostgreSQL or MariaDB: there is neither PG_VERSION nor ibdata1."
						+ " The argument that names the folder to restore into must contain " + FolderSource.DATA
						+ ", for example --pg1-path={data}.");
	}

	/**
	 * Returns the server that was backed up or {@code null} if it is not known.
	 */
	@Nullable ServerVersion getBackupServer();

	/**
	 * Returns the server of {@link #start()}.
	 */
	ServerVersion getVersion();

	/**
	 * Starts the server, so that it affects nothing outside, and waits for the end of the
	 * recovery.
	 */
	ScratchDatabase start() throws Exception;

	/**
	 * Restores the files of a server.
	 */
	interface FileRestore {

		void restore(ScratchDirectory directory) throws Exception;

	}

}
