package io.appdbs.mongo.migration;

import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.core.MongoTemplate;

/**
 * A migration of a MongoDB database in Java. A bean of this type has the qualifier of the
 * database that it migrates, and is executed once, before the database can be used. By
 * default, the name of the class has the version and the description, as with Flyway:
 * {@code V2_1__Add_prices} is version 2.1, and {@code R__Views} is repeatable.
 * <p>
 * The bean is created before the database is opened, so it must not depend on a bean of a
 * database.
 */
public interface MongoMigration {

	/**
	 * Migrates the database. Runs on the thread of the database.
	 * @param template a template on a separate client, which has the mapping of the
	 * database and no time limit. It reads from the primary server, and has neither
	 * entity callbacks nor auditing.
	 * @throws Exception if the migration has failed; it is recorded, and the database is
	 * not migrated again before that has been repaired
	 */
	void migrate(MongoTemplate template) throws Exception;

	/**
	 * Returns the version.
	 * @return numbers separated by dots, or {@code null} for a repeatable migration,
	 * which is executed after the others whenever its checksum has changed
	 */
	default @Nullable String getVersion() {
		MigrationVersion version = MigrationName.of(this).version();
		return (version != null) ? version.toString() : null;
	}

	/**
	 * Returns the description.
	 * @return the description
	 */
	default String getDescription() {
		return MigrationName.of(this).description();
	}

	/**
	 * Returns the checksum, with which a changed migration is recognized. A repeatable
	 * migration must have one.
	 * @return the checksum or {@code null} if changes are not recognized
	 */
	default @Nullable Integer getChecksum() {
		return null;
	}

}
