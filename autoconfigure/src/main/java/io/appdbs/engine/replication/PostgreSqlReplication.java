package io.appdbs.engine.replication;

import java.sql.Connection;
import java.sql.SQLException;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * Replication of PostgreSQL by its log. The lag shows that a standby has lost its server
 * or reads the log from an archive. The log position of a server that subscribes to
 * tables of another one is not related to the other's.
 */
public final class PostgreSqlReplication implements Replication {

	private static final String QUERY = """
			SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END
			- '0/0'::pg_lsn)::bigint, pg_is_in_recovery(), EXISTS (SELECT 1 FROM pg_stat_subscription)""";

	@Override
	public @Nullable ReplicationPosition readPosition(Connection connection) throws SQLException {
		return read(connection).position();
	}

	@Override
	public ReplicaStatus readStatus(Connection connection) throws SQLException {
		Answer answer = read(connection);
		if (answer.standby()) {
			return new ReplicaStatus(answer.position(), null, null);
		}
		return new ReplicaStatus(null, answer.subscribed() ? null : ReplicaStatus.FOLLOWS_NONE, null);
	}

	private static Answer read(Connection connection) throws SQLException {
		return SqlQueries.queryForRow(connection, QUERY, (row) -> {
			long lsn = row.getLong(1);
			LogPosition position = row.wasNull() ? null : new LogPosition(lsn);
			return new Answer(position, row.getBoolean(2), row.getBoolean(3));
		});
	}

	private record Answer(@Nullable LogPosition position, boolean standby, boolean subscribed) {

	}

	/**
	 * A position in the log.
	 *
	 * @param lsn the number of bytes before it
	 */
	private record LogPosition(long lsn) implements ReplicationPosition {

		@Override
		public boolean contains(ReplicationPosition other) {
			return other instanceof LogPosition position && this.lsn >= position.lsn;
		}

	}

}
