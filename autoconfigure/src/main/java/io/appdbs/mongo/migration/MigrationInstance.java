package io.appdbs.mongo.migration;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/**
 * An instance of the application that migrates a database.
 *
 * @param id a unique identifier
 * @param host the host and the process, for operators
 */
record MigrationInstance(String id, String host) {

	static MigrationInstance create() {
		return new MigrationInstance(UUID.randomUUID().toString(),
				"%s (process %d)".formatted(hostName(), ProcessHandle.current().pid()));
	}

	private static String hostName() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown host";
		}
	}

}
