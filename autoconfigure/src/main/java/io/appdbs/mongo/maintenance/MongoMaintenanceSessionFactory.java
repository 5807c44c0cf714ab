package io.appdbs.mongo.maintenance;

import java.time.Duration;

import com.mongodb.client.MongoClient;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.maintenance.task.MaintenanceSession;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.MaintenanceSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.MongoClusterCapable;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoDatabaseUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Opens the sessions that maintain a MongoDB database.
 */
public final class MongoMaintenanceSessionFactory implements MaintenanceSession.Factory {

	private final DatabaseAccess database;

	/**
	 * Creates a new {@link MongoMaintenanceSessionFactory}.
	 * @param database the database
	 */
	public MongoMaintenanceSessionFactory(DatabaseAccess database) {
		this.database = database;
	}

	/**
	 * Transaction managers bind a session to the factory of databases.
	 */
	@Override
	public boolean isInTransaction() {
		return this.database.getConnector() instanceof MongoDatabaseConnector connector
				&& TransactionSynchronizationManager.getResourceMap()
					.keySet()
					.stream()
					.anyMatch((key) -> key instanceof MongoDatabaseFactory factory
							&& key instanceof MongoClusterCapable capable
							&& capable.getMongoCluster() == connector.getClient()
							&& MongoDatabaseUtils.isTransactionActive(factory));
	}

	@Override
	public MaintenanceSession open(@Nullable Duration timeout) {
		DatabaseDefinition definition = this.database.getDefinition();
		MongoDatabaseConnector connector = (MongoDatabaseConnector) this.database.getConnector();
		MaintenanceSettings settings = definition.settings().maintenance();
		MongoClient client = connector.openClient(settings.username(), settings.password(), timeout);
		DatabaseConnectionDetails details = this.database.getDetailsInUse();
		return new MongoMaintenanceSession(definition, client,
				String.valueOf((details != null) ? details.database() : null));
	}

}
