package io.appdbs.engine.archive;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Reads the state of the continuous archiving of a server's log. Must be thread-safe.
 */
@FunctionalInterface
public interface Archiver {

	/**
	 * Reads the state, in one query.
	 * @param connection a connection, which stays open
	 * @return the state or {@code null} if the server does not archive
	 * @throws SQLException if the server cannot be asked
	 */
	@Nullable ArchiverReading read(Connection connection) throws SQLException;

}
