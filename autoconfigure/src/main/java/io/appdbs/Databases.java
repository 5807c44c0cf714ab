package io.appdbs;

import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The named databases of an application: every entry below {@code app.dbs}, relational
 * and MongoDB alike. Inject it to look a database up by name or to list all.
 * <p>
 * Iteration and {@link #getNames()} follow the order of the configuration.
 */
public interface Databases extends Iterable<Database> {

	/**
	 * Return the database of the given name.
	 * @param name a name as written below {@code app.dbs}
	 * @return the database
	 * @throws UnknownDatabaseException if no database has that name; the message lists
	 * the known ones
	 */
	Database get(String name);

	/**
	 * Return the names of all databases.
	 * @return the names as written, never {@code null}
	 */
	Set<String> getNames();

	/**
	 * Return all databases.
	 * @return a sequential stream
	 */
	default Stream<Database> stream() {
		return StreamSupport.stream(spliterator(), false);
	}

}
