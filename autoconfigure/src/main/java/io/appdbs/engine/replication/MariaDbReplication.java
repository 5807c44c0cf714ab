package io.appdbs.engine.replication;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Replication of MariaDB by <a href=
 * "https://mariadb.com/docs/server/ha-and-performance/standard-replication/gtid">GTIDs</a>,
 * whose numbers grow in each domain. The members of a Galera cluster do not replicate by
 * them.
 */
public final class MariaDbReplication implements Replication {

	private static final String CLUSTERED = """
			SELECT COUNT(*) FROM information_schema.GLOBAL_STATUS
			WHERE VARIABLE_NAME = 'WSREP_CLUSTER_SIZE' AND VARIABLE_VALUE > 0""";

	@Override
	public @Nullable ReplicationPosition readPosition(Connection connection) throws SQLException {
		if (isClustered(connection)) {
			return null;
		}
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT @@GLOBAL.log_bin, @@GLOBAL.gtid_binlog_pos")) {
			result.next();
			return result.getBoolean(1) ? GtidPosition.of(result.getString(2), "") : null;
		}
	}

	@Override
	public ReplicaStatus readStatus(Connection connection) throws SQLException {
		if (isClustered(connection)) {
			return new ReplicaStatus(null, null, null);
		}
		GtidPosition position = SqlQueries.queryForRow(connection,
				"SELECT @@GLOBAL.gtid_slave_pos, @@GLOBAL.gtid_binlog_state",
				(row) -> GtidPosition.of(row.getString(1), row.getString(2)));
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SHOW ALL SLAVES STATUS")) {
			List<ReplicationChannel> channels = new ArrayList<>();
			boolean gtids = true;
			while (result.next()) {
				channels.add(ReplicationChannel.of(result, "Slave_IO_Running", "Last_IO_Errno", "Slave_SQL_Running",
						"Last_SQL_Errno"));
				gtids &= !"No".equals(result.getString("Using_Gtid"));
			}
			// otherwise, a domain appears only with its next change
			boolean known = gtids || !position.applied().isEmpty();
			return new ReplicaStatus(known ? position : null, ReplicationChannel.findProblem(channels), null);
		}
		catch (SQLException ex) {
			if (ReplicationChannel.isDenied(ex)) {
				return new ReplicaStatus(position, null, "SLAVE MONITOR");
			}
			throw ex;
		}
	}

	private static boolean isClustered(Connection connection) throws SQLException {
		return SqlQueries.queryForRow(connection, CLUSTERED, (row) -> row.getInt(1) > 0);
	}

	/**
	 * The last changes of each domain.
	 *
	 * @param applied the last one by domain. What a replica has written itself is not
	 * among them.
	 * @param logged the number of the last one in the log by domain and server, for what
	 * a server had before it became a replica
	 */
	record GtidPosition(Map<String, Gtid> applied, Map<String, Long> logged) implements ReplicationPosition {

		static GtidPosition of(String applied, String logged) {
			Map<String, Gtid> lastApplied = new HashMap<>();
			parse(applied).forEach((gtid) -> lastApplied.put(gtid.domain(), gtid));
			Map<String, Long> lastLogged = new HashMap<>();
			parse(logged).forEach((gtid) -> lastLogged.merge(gtid.source(), gtid.number(), Math::max));
			return new GtidPosition(lastApplied, lastLogged);
		}

		private static List<Gtid> parse(String gtids) {
			List<Gtid> parsed = new ArrayList<>();
			for (String gtid : StringUtils.tokenizeToStringArray(gtids, ",")) {
				String[] parts = gtid.split("-");
				parsed.add(new Gtid(parts[0], parts[0] + "-" + parts[1], Long.parseUnsignedLong(parts[2])));
			}
			return parsed;
		}

		@Override
		public boolean contains(ReplicationPosition other) {
			return other instanceof GtidPosition position && position.applied.values().stream().allMatch(this::has);
		}

		private boolean has(Gtid gtid) {
			Gtid last = this.applied.get(gtid.domain());
			return (last != null && last.number() >= gtid.number())
					|| this.logged.getOrDefault(gtid.source(), -1L) >= gtid.number();
		}

	}

	/**
	 * A change.
	 *
	 * @param domain the domain
	 * @param source the domain and the server that wrote it
	 * @param number the number in the domain
	 */
	record Gtid(String domain, String source, long number) {

	}

}
