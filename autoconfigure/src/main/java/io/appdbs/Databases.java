package io.appdbs;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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
