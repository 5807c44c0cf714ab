package io.appdbs.restore;

import java.nio.file.Files;
import java.nio.file.Path;

import io.appdbs.embedded.ScratchDirectory;
import org.jspecify.annotations.Nullable;

/**
 * A server on restored files.
 */
interface PhysicalServer {

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

}
