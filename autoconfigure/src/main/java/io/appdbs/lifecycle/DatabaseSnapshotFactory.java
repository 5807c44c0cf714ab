package io.appdbs.lifecycle;

import java.util.List;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseServer;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.backup.BackupObservation;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Creates the {@link DatabaseSnapshot} of a database without accessing its server.
 */
final class DatabaseSnapshotFactory {

	private DatabaseSnapshotFactory() {
	}

	static DatabaseSnapshot create(ManagedDatabase database, DatabaseStatus status) {
		ConnectedServer server = status.opening().server();
		DatabaseOutage suspended = database.getSuspension().getOutage();
		DatabaseOutage outage = status.toOutage(database.getName());
		BackupObservation backups = database.getBackups();
		return new DatabaseSnapshot(database.getName(), database.isRequired(), server(database, server), status.state(),
				status.since(), (outage != null) ? outage : suspended, status.opening().failedAtStart(),
				database.getStatistics().getResponseTime(), status.opening().duration(),
				database.getConnector().getPoolUsage(), database.getCredentials().getUsage(), database.getSslUsage(),
				(server != null) ? server.preparations() : List.of(), suspended != null, replica(database),
				(backups != null) ? backups.getStatus() : null);
	}

	private static DatabaseServer server(ManagedDatabase database, @Nullable ConnectedServer server) {
		DatabaseConnectionDetails details = database.getConnectionDetails();
		return new DatabaseServer(database.getEngine(), (server != null) ? server.version() : null,
				(details != null) ? details.hosts() : List.of(), (details != null) ? details.database() : null,
				database.getConnector().getCluster());
	}

	private static @Nullable DatabaseReplica replica(ManagedDatabase database) {
		String of = database.getDefinition().replicaOf();
		DatabaseConnector connector = database.getConnector();
		return (of != null) ? new DatabaseReplica(of, connector.getReplicationLag(), connector.getReplicationProblem())
				: null;
	}

}
