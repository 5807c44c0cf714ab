package io.appdbs.mongo.migration;

import org.jspecify.annotations.Nullable;

/**
 * A migration that the application contains.
 */
interface MigrationStep {

	/**
	 * Returns version and description.
	 */
	MigrationName name();

	/**
	 * Returns the kind of the migration, as in the history.
	 */
	String type();

	/**
	 * Returns the file or the class, as in the history.
	 */
	String script();

	/**
	 * Returns the file or the bean, for messages.
	 */
	String describe();

	/**
	 * Returns where the file is, or the class of the bean.
	 */
	String origin();

	/**
	 * Returns the checksum or {@code null} if changes are not recognized.
	 */
	@Nullable Integer checksum();

	/**
	 * Checks whether the migration can be executed, before the first one is executed.
	 * @throws MigrationException if it cannot
	 */
	void check();

	/**
	 * Executes the migration.
	 * @param target the database
	 * @throws Exception if it has failed
	 */
	void execute(MigrationTarget target) throws Exception;

}
