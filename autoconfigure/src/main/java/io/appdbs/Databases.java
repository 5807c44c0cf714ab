package io.appdbs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The named databases of an application: every entry below {@code app.dbs}, relational
 * and MongoDB alike, and those that have been
 * {@linkplain #add(String, RuntimeDatabaseSettings) added} at run time. Inject it to look
 * a database up by name or to list all.
 * <p>
 * Iteration and {@link #getNames()} follow the order of the configuration. Databases that
 * have been added follow, by name.
 */
public interface Databases extends Iterable<Database> {

	/**
	 * Returns the database of the given name.
	 * @param name a name as written below {@code app.dbs}
	 * @return the database
	 * @throws UnknownDatabaseException if no database has that name; the message lists
	 * the known ones, or names the property that disables the database
	 */
	Database get(String name);

	/**
	 * Returns the names of all databases.
	 * @return the names as written, never {@code null}
	 */
	Set<String> getNames();

	/**
	 * Adds a database while the application runs. It gets the same life cycle, health and
	 * migrations as one below {@code app.dbs}, but no beans: the returned object hands
	 * out what code uses. The method validates the settings and returns. The database is
	 * opened on another thread; {@link Database#awaitUp} waits for that. A database that
	 * cannot be opened is down, with the reason, and is tried again.
	 * @param name the name, of lower-case letters, digits and hyphens, with at most 63
	 * characters; it is part of log lines and meters
	 * @param settings the settings; those that are not set have the values of
	 * {@code app.dbs-runtime.template}
	 * @return the database
	 * @throws IllegalDatabaseOperationException if the name is in use, or there are
	 * {@code app.dbs-runtime.max-databases} databases, or the application is being closed
	 * @throws InvalidDatabaseConfigurationException if the name or a setting is invalid;
	 * nothing has changed then
	 */
	Database add(String name, RuntimeDatabaseSettings settings);

	/**
	 * Adds a database while the application runs.
	 * @param name the name
	 * @param settings the values by key below the database, for example
	 * {@code pool.max-size}
	 * @return the database
	 * @see #add(String, RuntimeDatabaseSettings)
	 */
	default Database add(String name, Map<String, ?> settings) {
		return add(name, RuntimeDatabaseSettings.of(settings));
	}

	/**
	 * Removes a database that has been {@linkplain #add(String, RuntimeDatabaseSettings)
	 * added}, within 30 seconds.
	 * @param name the name of the database
	 * @return what has been removed
	 * @throws IllegalDatabaseOperationException if the database is configured
	 * @see #remove(String, Duration)
	 */
	default DatabaseRemoval remove(String name) {
		return remove(name, Duration.ofSeconds(30));
	}

	/**
	 * Removes a database that has been {@linkplain #add(String, RuntimeDatabaseSettings)
	 * added}. From now on, borrows fail at once, also those of objects that have been
	 * kept, even if a database of the same name is added later. Work on connections that
	 * have been borrowed goes on. When these have been returned, or the time is over,
	 * everything that belongs to the database is closed, and the method returns. Another
	 * call for the same database waits for the first one. A name that is not that of an
	 * added database is no error.
	 * @param name the name of the database
	 * @param drain how long to wait for connections in use; the remaining ones are
	 * aborted
	 * @return what has been removed
	 * @throws IllegalDatabaseOperationException if the database is configured
	 */
	DatabaseRemoval remove(String name, Duration drain);

	/**
	 * Returns all databases.
	 * @return a sequential stream
	 */
	default Stream<Database> stream() {
		return StreamSupport.stream(spliterator(), false);
	}

	/**
	 * Returns snapshots of all databases.
	 * @return the snapshots, which are taken one after another
	 */
	default List<DatabaseSnapshot> getSnapshots() {
		return stream().map(Database::getSnapshot).toList();
	}

	/**
	 * Returns how many databases are in which state.
	 * @return the counts
	 */
	default DatabaseCounts getCounts() {
		List<DatabaseSnapshot> snapshots = getSnapshots();
		return new DatabaseCounts(snapshots.size(), count(snapshots, (it) -> it.state() == DatabaseState.UP),
				count(snapshots, (it) -> it.state() == DatabaseState.DOWN),
				count(snapshots, DatabaseSnapshot::failedAtStart));
	}

	private static int count(List<DatabaseSnapshot> snapshots, Predicate<DatabaseSnapshot> condition) {
		return (int) snapshots.stream().filter(condition).count();
	}

}
