package io.appdbs;

import org.springframework.context.ApplicationEvent;

/**
 * Published after a database has been added while the application runs. The database is
 * configured, and may not have been opened yet.
 *
 * @see Databases#add(String, RuntimeDatabaseSettings)
 */
public class DatabaseAddedEvent extends ApplicationEvent {

	/**
	 * Creates a new {@link DatabaseAddedEvent}.
	 * @param database the database
	 */
	public DatabaseAddedEvent(Database database) {
		super(database);
	}

	/**
	 * Returns the database.
	 * @return the database
	 */
	public Database getDatabase() {
		return (Database) getSource();
	}

}
