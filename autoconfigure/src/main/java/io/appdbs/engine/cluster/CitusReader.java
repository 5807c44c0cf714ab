package io.appdbs.engine.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * {@link ClusterReader} for Citus, an extension of PostgreSQL, by its
 * <a href="https://docs.citusdata.com/en/stable/develop/api_metadata.html">metadata</a>
 * and its
 * <a href="https://docs.citusdata.com/en/stable/develop/api_udf.html">functions</a>,
 * which every login may use. The function {@code citus_check_cluster_node_health()} would
 * let each node connect to each other one.
 */
public final class CitusReader implements ClusterReader {

	/** The metadata exists only with the extension. */
	private static final String VERSION = "SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'citus'";

	/** The coordinator is the group 0. An IPv6 address has colons. */
	private static final String NODES = """
			SELECT CASE WHEN nodename LIKE '%:%' THEN '[' || nodename || ']' ELSE nodename END || ':' || nodeport,
			CASE WHEN noderole <> 'primary' THEN 'secondary' WHEN groupid = 0 THEN 'coordinator' ELSE 'worker' END,
			isactive, groupid = (SELECT groupid FROM pg_catalog.pg_dist_local_group)
			FROM pg_catalog.pg_dist_node ORDER BY groupid, noderole, nodeid""";

	/** One row, with NULL if there is no such node any more. */
	private static final String CONNECT = """
			SELECT bool_and(pg_catalog.citus_check_connection_to_node(nodename, nodeport))
			FROM pg_catalog.pg_dist_node WHERE CASE WHEN nodename LIKE '%:%' THEN '[' || nodename || ']'
			ELSE nodename END || ':' || nodeport = ?""";

	private static final String LIMITS = "SELECT pg_catalog.set_config('statement_timeout', ?, true), "
			+ "pg_catalog.set_config('citus.max_cached_conns_per_worker', '0', true)";

	private static final long NANOS_PER_MILLI = 1_000_000;

	@Override
	public @Nullable DatabaseCluster read(Connection connection) throws SQLException {
		List<String> version = SqlQueries.query(connection, VERSION, (row) -> row.getString(1));
		if (version.isEmpty()) {
			return null;
		}
		// this server answers
		List<Node> nodes = SqlQueries.query(connection, NODES, (row) -> new Node(row.getString(1), row.getString(2),
				row.getBoolean(3), row.getBoolean(4) ? Boolean.TRUE : null));
		return new DatabaseCluster("Citus " + version.get(0), nodes);
	}

	/**
	 * One node after the other, so that the silence of one says nothing about the others.
	 */
	@Override
	public DatabaseCluster connect(Connection connection, DatabaseCluster cluster, Duration timeout)
			throws SQLException {
		List<Node> nodes = new ArrayList<>();
		long deadline = System.nanoTime() + timeout.toNanos();
		long remaining = cluster.nodes().stream().filter(CitusReader::isToConnect).count();
		connection.setAutoCommit(false);
		try {
			for (Node node : cluster.nodes()) {
				boolean connect = isToConnect(node);
				nodes.add(connect ? connect(connection, node, (deadline - System.nanoTime()) / remaining) : node);
				remaining -= connect ? 1 : 0;
			}
		}
		finally {
			connection.setAutoCommit(true);
		}
		return new DatabaseCluster(cluster.product(), nodes);
	}

	private static boolean isToConnect(Node node) {
		return node.active() && node.reachable() == null;
	}

	private static Node connect(Connection connection, Node node, long nanos) throws SQLException {
		long limit = nanos / NANOS_PER_MILLI;
		return (limit > 0) ? node.withReachable(isReachable(connection, node, limit)) : node;
	}

	/**
	 * With a new connection, as one that the server has kept may be from before a restart
	 * of the node, and on one to a node that hangs, the server does not observe the
	 * limit.
	 */
	private static @Nullable Boolean isReachable(Connection connection, Node node, long millis) throws SQLException {
		try {
			SqlQueries.query(connection, LIMITS, (row) -> row.getString(1), String.valueOf(millis));
			return SqlQueries
				.<@Nullable Boolean>query(connection, CONNECT, (row) -> row.getObject(1, Boolean.class), node.address())
				.get(0);
		}
		catch (SQLException ex) {
			// the node does not answer at all
			if ("57014".equals(ex.getSQLState())) {
				return false;
			}
			throw ex;
		}
		finally {
			connection.rollback();
		}
	}

}
