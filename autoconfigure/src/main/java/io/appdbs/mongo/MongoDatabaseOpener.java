package io.appdbs.mongo;

import java.util.List;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.lifecycle.DatabaseOpener;
import io.appdbs.lifecycle.OpenedDatabase;
import org.bson.Document;

/**
 * Opens a MongoDB database: builds its client and has the configured database answer a
 * {@code ping}, which needs no rights beyond that database.
 */
public final class MongoDatabaseOpener implements DatabaseOpener {

	private final List<Customizer> customizers;

	/**
	 * Create a new {@link MongoDatabaseOpener}.
	 * @param customizers applied to the settings of every client before the settings of
	 * the database, in order
	 */
	public MongoDatabaseOpener(List<Customizer> customizers) {
		this.customizers = customizers;
	}

	@Override
	public OpenedDatabase open(DatabaseDefinition definition, ConnectionTarget target) {
		MongoClient client = MongoClients
			.create(MongoClientSettingsFactory.create(definition, target, this.customizers));
		try {
			MongoDatabase database = client.getDatabase(String.valueOf(target.database()));
			database.runCommand(new Document("ping", 1));
			String version = readVersion(database);
			return new OpenedDatabase(new OpenedMongo(client, database.getName()), definition.engine(),
					"%s%s at %s".formatted(definition.engine().getDisplayName(), version, target.url()));
		}
		catch (Throwable ex) {
			client.close();
			throw ex;
		}
	}

	private String readVersion(MongoDatabase database) {
		try {
			return " " + database.runCommand(new Document("buildInfo", 1)).getString("version");
		}
		catch (MongoException ex) {
			// only for the log, and not every server tells
			return "";
		}
	}

	/**
	 * Customizes the settings of every client.
	 */
	@FunctionalInterface
	public interface Customizer {

		/**
		 * Customize the settings.
		 * @param builder the settings before those of the database are applied
		 */
		void customize(MongoClientSettings.Builder builder);

	}

}
