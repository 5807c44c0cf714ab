package io.appdbs.engine.replication;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * State of a replication channel of a MariaDB or MySQL server. Error messages are omitted
 * because they quote statements.
 *
 * @param receiving whether the I/O thread runs, also while it cannot connect
 * @param receiveError the code of its last error or 0
 * @param applying whether the SQL thread runs
 * @param applyError the code of its last error or 0
 */
record ReplicationChannel(boolean receiving, int receiveError, boolean applying, int applyError) {

	private static final Set<String> STOPPED = Set.of("No", "OFF");

	/** Of a server, a database and a table. */
	private static final Set<Integer> DENIED = Set.of(1227, 1044, 1142);

	/**
	 * Returns the channel of a row with the four columns.
	 */
	static ReplicationChannel of(ResultSet row, String receiving, String receiveError, String applying,
			String applyError) throws SQLException {
		return new ReplicationChannel(!STOPPED.contains(row.getString(receiving)), row.getInt(receiveError),
				!STOPPED.contains(row.getString(applying)), row.getInt(applyError));
	}

	/**
	 * Returns why a server does not replicate. If only some of several channels have
	 * stopped, the lag shows it.
	 * @param channels all channels of the server
	 * @return the end of a sentence or {@code null} if it does
	 */
	static @Nullable String findProblem(List<ReplicationChannel> channels) {
		if (channels.isEmpty()) {
			return ReplicaStatus.FOLLOWS_NONE;
		}
		boolean running = channels.stream().anyMatch((channel) -> channel.receiving && channel.applying);
		return running ? null : "has stopped replicating: " + channels.get(0).describe();
	}

	private String describe() {
		if (this.applying) {
			return "its I/O thread is not running" + describe(this.receiveError);
		}
		return (this.receiving ? "its SQL thread is not running"
				: "neither its I/O thread nor its SQL thread is running")
				+ describe((this.applyError != 0) ? this.applyError : this.receiveError);
	}

	private static String describe(int error) {
		return (error != 0) ? " (error %d)".formatted(error) : "";
	}

	/**
	 * Returns whether the login may not see the channels.
	 */
	static boolean isDenied(SQLException ex) {
		return DENIED.contains(ex.getErrorCode());
	}

}
