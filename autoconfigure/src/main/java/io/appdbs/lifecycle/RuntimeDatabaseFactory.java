package io.appdbs.lifecycle;

import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Creates the parts of databases that are added at run time.
 */
public interface RuntimeDatabaseFactory {

	/**
	 * Validates the settings of a database. Opens nothing.
	 * @param name the name
	 * @param settings the settings
	 * @return the definition
	 * @throws InvalidDatabaseConfigurationException if the settings are invalid
	 */
	DatabaseDefinition define(String name, RuntimeDatabaseSettings settings);

	/**
	 * Finds the provider of the credentials of a database.
	 * @param definition the database
	 * @return the provider or {@code null} if the credentials do not change
	 */
	@Nullable DatabaseCredentialsProvider findCredentials(DatabaseDefinition definition);

	/**
	 * Creates the connector of a database.
	 * @param definition the database
	 * @param availability whether the database can be used
	 * @return the connector, which is closed with the database
	 */
	DatabaseConnector createConnector(DatabaseDefinition definition, DatabaseAvailability availability);

	/**
	 * Creates the services of a database.
	 * @param database the database
	 * @return the services, which are closed with the database
	 */
	DatabaseServices createServices(DatabaseAccess database);

	/**
	 * Forgets a database that has been removed, or could not be added.
	 * @param name the name of the database
	 */
	void forget(String name);

}
