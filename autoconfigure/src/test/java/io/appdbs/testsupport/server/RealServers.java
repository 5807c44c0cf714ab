package io.appdbs.testsupport.server;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.appdbs.testsupport.documentdb.DocumentDbServer;

/**
 * Starts servers that {@code .ci/servers} has unpacked: MySQL 9.7 and DocumentDB 1.0, a
 * MongoDB-compatible engine. Tests that use them are annotated with
 * {@link RequiresMySql @RequiresMySql} or {@link RequiresDocumentDb @RequiresDocumentDb}.
 * Servers stop when this JVM ends, even if it is killed.
 */
public final class RealServers {

	private static final ServersFolder folder = ServersFolder.get();

	private static MySqlServer mySql;

	private static DocumentDbEngine documentDb;

	private RealServers() {
	}

	/**
	 * Returns the MySQL that all tests in this JVM share. Tests create databases of their
	 * own, and neither stop the server nor change its global variables.
	 */
	public static synchronized MySqlServer mySql() {
		if (mySql == null) {
			mySql = startMySql("--disable-log-bin");
		}
		return mySql;
	}

	/**
	 * Starts another MySQL, for example to stop it, or as a source of replication. The
	 * caller closes it.
	 * @param options further command line options
	 */
	public static MySqlServer startMySql(String... options) {
		try {
			return MySqlServer.start(folder, options);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a server with MongoDB's protocol. It is a listener in this process in front
	 * of an engine that all tests share, so that it starts at once, and can be stopped
	 * and told to fail. The caller closes it.
	 */
	public static DocumentDbServer startDocumentDb() {
		return startDocumentDb(1);
	}

	/**
	 * Starts a replica set. The caller closes it.
	 * @param members the number of members, of which the first is the primary
	 */
	public static DocumentDbServer startDocumentDb(int members) {
		return DocumentDbServer.start(engine().getUrl(), members);
	}

	private static synchronized DocumentDbEngine engine() {
		if (documentDb == null) {
			try {
				documentDb = new DocumentDbEngine(folder);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return documentDb;
	}

}
