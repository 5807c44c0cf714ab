package io.appdbs.mongo;

import java.util.Map;
import java.util.function.Supplier;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DatabasePreparation} of a MongoDB database.
 */
public interface MongoPreparation {

	/**
	 * Returns the name of the step, as shown to operators.
	 * @return the name in lower case
	 */
	String getName();

	/**
	 * Prepares the database. Runs on the thread that opens the database, which must not
	 * request a bean, and again if an attempt to open the database has failed.
	 * @param context the database
	 * @return the result for operators, by name, or {@code null} if there was nothing to
	 * do
	 * @throws io.appdbs.DatabaseStartException if it failed and retrying cannot help
	 * @throws Exception if it failed and may be retried
	 */
	@Nullable Map<String, Object> prepare(Context context) throws Exception;

	/**
	 * Returns whether the step verifies the privileges of the login. Such a step is
	 * repeated before newer credentials are used.
	 * @return {@code false} unless overridden
	 */
	default boolean isVerificationOfLogin() {
		return false;
	}

	/**
	 * Returns the step for a database that has been found.
	 * @param database the database, of the client that probes it
	 * @param admin the database of the server's commands, of the same client
	 * @param client opens a client without a time limit
	 * @return the step
	 */
	default DatabasePreparation on(MongoDatabase database, MongoDatabase admin, Supplier<MongoClient> client) {
		MongoPreparation preparation = this;
		return new DatabasePreparation() {

			@Override
			public String getName() {
				return preparation.getName();
			}

			@Override
			public boolean isVerificationOfLogin() {
				return preparation.isVerificationOfLogin();
			}

			@Override
			public @Nullable Map<String, Object> prepare(DatabaseDefinition definition,
					DatabaseConnectionDetails details) throws Exception {
				return preparation.prepare(new Context(definition, details, database, admin, client));
			}

		};
	}

	/**
	 * A database that is being opened.
	 *
	 * @param definition the database
	 * @param details where the server is
	 * @param database the database on the server, of the client that probes it. Its
	 * answers have the time limit of connecting, so it is for short commands.
	 * @param admin the database of the server's commands, of the same client
	 * @param client opens a client without a time limit
	 */
	record Context(DatabaseDefinition definition, DatabaseConnectionDetails details, MongoDatabase database,
			MongoDatabase admin, Supplier<MongoClient> client) {

		/**
		 * Returns the database for commands that may take long, such as migrations. Its
		 * client has the settings and the query log of that of the application, but no
		 * time limit. It is closed after the last preparation, or when the application is
		 * closed.
		 * @return the database
		 */
		public MongoDatabase getUnlimitedDatabase() {
			return this.client.get().getDatabase(this.database.getName());
		}

	}

}
