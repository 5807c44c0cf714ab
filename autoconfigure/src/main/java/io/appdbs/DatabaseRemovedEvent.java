package io.appdbs;

import org.springframework.context.ApplicationEvent;

/**
 * Published after a database has been removed while the application runs, and everything
 * that belonged to it has been closed.
 *
 * @see Databases#remove(String)
 */
public class DatabaseRemovedEvent extends ApplicationEvent {

	private final int aborted;

	/**
	 * Creates a new {@link DatabaseRemovedEvent}.
	 * @param database the database, which serves nothing any more
	 * @param aborted how many connections were aborted
	 */
	public DatabaseRemovedEvent(Database database, int aborted) {
		super(database);
		this.aborted = aborted;
	}

	/**
	 * Returns the database, which serves nothing any more.
	 * @return the database
	 */
	public Database getDatabase() {
		return (Database) getSource();
	}

	/**
	 * Returns how many connections were still in use after the time to drain, and have
	 * been aborted.
	 * @return the number of connections
	 */
	public int getAborted() {
		return this.aborted;
	}

}
