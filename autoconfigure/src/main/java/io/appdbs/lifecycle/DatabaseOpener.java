package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.function.Supplier;

import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Opens one database: loads its credentials, connects to it and prepares it.
 *
 * @param database the database
 */
record DatabaseOpener(ManagedDatabase database) {

	/**
	 * Tries to open the database, which counts as a probe. The database is up afterwards
	 * unless this fails.
	 * @param timeout supplies the time limit for connecting, when the credentials have
	 * been loaded
	 * @return the failure or {@code null} if the database is up
	 */
	@Nullable StartFailure open(Supplier<Duration> timeout) {
		DatabaseConnectionDetails details = null;
		try {
			this.database.getCredentials().load();
			details = this.database.resolveConnectionDetails();
			ConnectedServer server = connect(details, timeout.get());
			// before the state changes: then a rotation can be requested
			this.database.getCredentials().begin(this::rotate);
			this.database.up(server);
			return null;
		}
		catch (Throwable ex) {
			return new StartFailure(this.database.getDefinition(), details, ex);
		}
	}

	private ConnectedServer connect(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		long begin = System.nanoTime();
		boolean connected = false;
		try {
			ConnectedServer server = connectOrReload(details, timeout);
			connected = true;
			return server;
		}
		finally {
			this.database.getStatistics().probed(Duration.ofNanos(System.nanoTime() - begin), connected);
		}
	}

	private ConnectedServer connectOrReload(DatabaseConnectionDetails details, Duration timeout) throws Exception {
		try {
			return this.database.getConnector().connect(details, timeout);
		}
		catch (Exception ex) {
			if (!this.database.getCredentials().reload(ex)) {
				throw ex;
			}
			return this.database.getConnector()
				.connect(this.database.getDefinition().connectionDetails().get(), timeout);
		}
	}

	private Runnable rotate(DatabaseConnectionDetails details) throws Exception {
		return this.database.getConnector().rotate(details, this.database.getConnectTimeout());
	}

}
