package io.appdbs.settings.mongo;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Migrations of a MongoDB database.
 *
 * @param enabled Whether the database is migrated.
 * @param locations Locations of the files with commands. The default is
 * 'classpath:db/migration/' followed by the name of the database.
 * @param collection Collection with the history and the lock.
 * @param lockTimeout Maximum time to wait for another instance that migrates.
 * @param outOfOrder Whether a migration is executed that is older than the newest
 * executed one.
 * @param repair Whether entries of failed migrations are removed from the history and
 * changed checksums are accepted, before the database is migrated. Set it once.
 */
public record MongoMigrationSettings(@DefaultValue("true") boolean enabled, @DefaultValue List<String> locations,
		@DefaultValue("appdbs_migrations") String collection, @DefaultValue("1m") Duration lockTimeout,
		boolean outOfOrder, boolean repair) {

	public MongoMigrationSettings {
		locations = List.copyOf(locations);
	}

}
