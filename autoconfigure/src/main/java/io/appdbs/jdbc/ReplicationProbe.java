package io.appdbs.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.replication.ReplicaStatus;
import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.replication.ReplicationPosition;
import io.appdbs.jdbc.pool.JdbcProbe;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads the replication position of a database or a replica, and whether replication
 * runs.
 */
final class ReplicationProbe {

	private static final Log logger = LogFactory.getLog(ReplicationProbe.class);

	private final DatabaseDefinition definition;

	private final ReplicationLag lag;

	private volatile @Nullable String problem;

	private volatile boolean positionUnknown;

	private volatile boolean privilegeMissing;

	/**
	 * Creates a new {@link ReplicationProbe}.
	 * @param definition the database or the replica
	 * @param lag by how much the replicas of the database lag
	 */
	ReplicationProbe(DatabaseDefinition definition, ReplicationLag lag) {
		this.definition = definition;
		this.lag = lag;
	}

	/**
	 * Asks the server, if it is a replica or has replicas.
	 * @param probe asks it
	 * @param engine what the server has turned out to be
	 */
	void probe(JdbcProbe probe, JdbcEngine engine) {
		Replication replication = engine.getReplication();
		boolean replica = this.definition.replicaOf() != null;
		if (replication == null || (!replica && this.definition.settings().replicas().isEmpty())) {
			return;
		}
		try {
			probe.ask((connection) -> {
				if (replica) {
					replicaIs(replication.readStatus(connection));
				}
				else {
					this.lag.databaseAt(known(replication.readPosition(connection)));
				}
				return null;
			});
		}
		catch (SQLException ex) {
			if (replica) {
				this.lag.replicaAt(this.definition.name(), null);
			}
			positionUnknown(ex);
		}
	}

	private void replicaIs(ReplicaStatus status) {
		String problem = status.problem();
		// the position of a server that follows none is unrelated
		this.lag.replicaAt(this.definition.name(), ReplicaStatus.FOLLOWS_NONE.equals(problem) ? null
				: (problem != null) ? status.position() : known(status.position()));
		if (!Objects.equals(this.problem, problem)) {
			this.problem = problem;
			log(problem);
		}
		if (status.missingPrivilege() != null && !this.privilegeMissing) {
			this.privilegeMissing = true;
			logger.info(
					"Database '%s': the login has no privilege to read whether replication is running, so a stopped replica is detected by its lag only. Grant %s to it."
						.formatted(this.definition.name(), status.missingPrivilege()));
		}
	}

	private void log(@Nullable String problem) {
		if (problem != null) {
			logger.warn("Database '%s' %s. It is not eligible for reads until it follows the server of database '%s'."
				.formatted(this.definition.name(), problem, this.definition.replicaOf()));
		}
		else {
			logger.info("Database '%s' follows the server of database '%s' again".formatted(this.definition.name(),
					this.definition.replicaOf()));
		}
	}

	private @Nullable ReplicationPosition known(@Nullable ReplicationPosition position) {
		if (position == null) {
			positionUnknown(null);
		}
		return position;
	}

	private void positionUnknown(@Nullable SQLException ex) {
		String state = (ex != null) ? String.valueOf(ex.getSQLState()) : "";
		// the monitor reports a server that has just gone down
		if (!this.positionUnknown && !state.startsWith("08") && !state.startsWith("57")) {
			this.positionUnknown = true;
			logger.warn(
					"Database '%s': the server does not report its replication position, so no lag is known, and replicas are eligible whatever their lag."
						.formatted(this.definition.name()),
					ex);
		}
	}

	/**
	 * Returns by how much the replica lagged behind when it was last asked.
	 * @return the lag or {@code null} if it is not known
	 */
	@Nullable Duration getLag() {
		return this.lag.get(this.definition.name());
	}

	/**
	 * Returns why the replica takes over no further changes.
	 * @return the end of a sentence or {@code null} if it does, or that is not known
	 */
	@Nullable String getProblem() {
		return this.problem;
	}

	/**
	 * Returns why the replica should not serve reads.
	 * @return the end of a sentence or {@code null} if it can
	 */
	@Nullable String getReasonNotToRead() {
		String problem = this.problem;
		if (problem != null) {
			return problem;
		}
		Duration lag = getLag();
		Duration maxLag = this.definition.settings().replicaReads().maxLag();
		return (lag != null && lag.compareTo(maxLag) > 0)
				? "lags %d ms behind, more than %d ms".formatted(lag.toMillis(), maxLag.toMillis()) : null;
	}

}
