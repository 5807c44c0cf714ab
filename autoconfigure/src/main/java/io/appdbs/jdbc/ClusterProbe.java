package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.cluster.ClusterReader;
import io.appdbs.jdbc.pool.JdbcProbe;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads the nodes that the server of a database distributes tables to, and whether it can
 * reach them. A node that is gone does not make the database unavailable.
 */
final class ClusterProbe {

	private static final Log logger = LogFactory.getLog(ClusterProbe.class);

	/** For each check, the server may connect to each node. */
	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private final String name;

	private final Duration timeout;

	private final Duration interval;

	private volatile @Nullable DatabaseCluster cluster;

	private volatile long next;

	private volatile boolean failed;

	/**
	 * Creates a new {@link ClusterProbe}.
	 * @param definition the database
	 */
	ClusterProbe(DatabaseDefinition definition) {
		this.name = definition.name();
		// the rest is for the server itself
		this.timeout = definition.settings().health().timeout().dividedBy(2);
		Duration probes = definition.settings().health().interval();
		this.interval = (probes.compareTo(INTERVAL) > 0) ? probes : INTERVAL;
	}

	/**
	 * Reads the nodes of a server that has been connected to.
	 * @param connection the connection
	 * @param engine what the server has turned out to be
	 */
	void connected(Connection connection, JdbcEngine engine) {
		ClusterReader reader = engine.getClusterReader();
		try {
			this.cluster = (reader != null) ? reader.read(connection) : null;
			this.next = System.nanoTime();
		}
		catch (SQLException ex) {
			failed(ex);
		}
	}

	/**
	 * Checks the nodes if that is due and the probe of the server has left enough time.
	 * @param probe asks the server
	 * @param engine what the server has turned out to be
	 * @param begin the {@link System#nanoTime()} at which the probe began
	 */
	void probe(JdbcProbe probe, JdbcEngine engine, long begin) {
		ClusterReader reader = engine.getClusterReader();
		long now = System.nanoTime();
		if (this.cluster == null || reader == null || now - this.next < 0 || now - begin >= this.timeout.toNanos()) {
			return;
		}
		this.next = now + this.interval.toNanos();
		try {
			DatabaseCluster cluster = probe.ask((connection) -> check(reader, connection));
			if (cluster != null) {
				this.failed = false;
				changed(cluster);
			}
		}
		catch (SQLException ex) {
			failed(ex);
		}
	}

	private @Nullable DatabaseCluster check(ClusterReader reader, Connection connection) throws SQLException {
		DatabaseCluster cluster = reader.read(connection);
		return (cluster != null) ? reader.connect(connection, cluster, this.timeout) : null;
	}

	private void changed(DatabaseCluster cluster) {
		List<String> before = unreachable(this.cluster);
		List<String> now = unreachable(cluster);
		now.stream()
			.filter((node) -> !before.contains(node))
			.forEach((node) -> logger.warn(
					"Database '%s' is up, but its server cannot reach the node %s. Statements that need this node fail."
						.formatted(this.name, node)));
		before.stream()
			.filter((node) -> !now.contains(node))
			.forEach((node) -> logger
				.info("Database '%s': its server can reach the node %s again, or does not use it any more"
					.formatted(this.name, node)));
		this.cluster = cluster;
	}

	private static List<String> unreachable(@Nullable DatabaseCluster cluster) {
		return (cluster != null) ? cluster.findUnreachable().stream().map(Node::address).toList() : List.of();
	}

	/**
	 * The monitor reports a server that has gone down. What is left unknown must not be
	 * taken for reachable.
	 */
	private void failed(SQLException ex) {
		DatabaseCluster cluster = this.cluster;
		if (cluster != null) {
			this.cluster = new DatabaseCluster(cluster.product(),
					cluster.nodes().stream().map((node) -> node.withReachable(null)).toList());
		}
		if (!this.failed) {
			this.failed = true;
			logger.info("Database '%s': it is not known which nodes its server can reach: %s".formatted(this.name,
					ex.getMessage()));
		}
	}

	/**
	 * Returns the nodes as of the last check.
	 * @return the nodes or {@code null} if the server has none
	 */
	@Nullable DatabaseCluster getCluster() {
		return this.cluster;
	}

}
