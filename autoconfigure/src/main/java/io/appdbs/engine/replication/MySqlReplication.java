package io.appdbs.engine.replication;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Replication of MySQL by <a href=
 * "https://dev.mysql.com/doc/refman/8.4/en/replication-gtids-concepts.html">GTIDs</a>.
 * The threads are read from the performance schema, which knows those of group
 * replication too. A server that shares the storage of another one has none.
 */
public final class MySqlReplication implements Replication {

	private static final String CHANNELS = """
			SELECT c.SERVICE_STATE AS receiving, c.LAST_ERROR_NUMBER AS receive_error, a.SERVICE_STATE AS applying,
			(SELECT MAX(w.LAST_ERROR_NUMBER) FROM performance_schema.replication_applier_status_by_worker w
			WHERE w.CHANNEL_NAME = c.CHANNEL_NAME) AS apply_error
			FROM performance_schema.replication_connection_status c
			JOIN performance_schema.replication_applier_status a ON a.CHANNEL_NAME = c.CHANNEL_NAME""";

	@Override
	public @Nullable ReplicationPosition readPosition(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT @@GLOBAL.gtid_mode, @@GLOBAL.gtid_executed")) {
			result.next();
			return result.getString(1).startsWith("ON") ? GtidSet.of(result.getString(2)) : null;
		}
	}

	@Override
	public ReplicaStatus readStatus(Connection connection) throws SQLException {
		ReplicationPosition position = readPosition(connection);
		if (!hasChannels(connection)) {
			return new ReplicaStatus(position, null, null);
		}
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(CHANNELS)) {
			List<ReplicationChannel> channels = new ArrayList<>();
			while (result.next()) {
				channels.add(ReplicationChannel.of(result, "receiving", "receive_error", "applying", "apply_error"));
			}
			return new ReplicaStatus(position, ReplicationChannel.findProblem(channels), null);
		}
		catch (SQLException ex) {
			if (ReplicationChannel.isDenied(ex)) {
				return new ReplicaStatus(position, null, "SELECT ON performance_schema.*");
			}
			throw ex;
		}
	}

	private static boolean hasChannels(Connection connection) throws SQLException {
		return SqlQueries.queryForRow(connection, "SELECT @@GLOBAL.performance_schema, @@GLOBAL.innodb_read_only",
				(row) -> row.getBoolean(1) && !row.getBoolean(2));
	}

	/**
	 * A set of changes.
	 *
	 * @param intervals the numbers of the first and the last one of each interval, by the
	 * server, and the tag, that they come from
	 */
	record GtidSet(Map<String, NavigableMap<Long, Long>> intervals) implements ReplicationPosition {

		static GtidSet of(String gtids) {
			Map<String, NavigableMap<Long, Long>> intervals = new HashMap<>();
			for (String ofServer : StringUtils.tokenizeToStringArray(gtids.toLowerCase(Locale.ROOT), ",")) {
				String[] parts = ofServer.split(":");
				String source = parts[0];
				for (int i = 1; i < parts.length; i++) {
					String part = parts[i].trim();
					if (Character.isDigit(part.charAt(0))) {
						String[] bounds = part.split("-");
						intervals.computeIfAbsent(source, (key) -> new TreeMap<>())
							.put(Long.parseLong(bounds[0]), Long.parseLong(bounds[bounds.length - 1]));
					}
					else {
						source = parts[0] + ":" + part;
					}
				}
			}
			return new GtidSet(intervals);
		}

		@Override
		public boolean contains(ReplicationPosition other) {
			return other instanceof GtidSet set && set.intervals.entrySet()
				.stream()
				.allMatch((entry) -> contains(this.intervals.get(entry.getKey()), entry.getValue()));
		}

		/**
		 * A server merges intervals that touch each other.
		 */
		private static boolean contains(@Nullable NavigableMap<Long, Long> intervals, NavigableMap<Long, Long> others) {
			return intervals != null && others.entrySet().stream().allMatch((other) -> {
				Map.Entry<Long, Long> interval = intervals.floorEntry(other.getKey());
				return interval != null && interval.getValue() >= other.getValue();
			});
		}

	}

}
