package io.appdbs.settings.mongo;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Migrations of a MongoDB database.
 *
 * @param enabled Whether to migrate the database. MongoDB only.
 * @param locations Locations of the files with commands. By default,
 * 'classpath:db/migration/' followed by the name of the database.
 * @param collection Collection with the history and the lock.
 * @param lockTimeout Maximum time to wait for another instance that migrates, at least
 * 1s.
 * @param outOfOrder Whether to execute migrations that are older than the newest executed
 * one.
 * @param repair Whether to remove failed migrations from the history and to accept
 * changed checksums before the database is migrated. Set it once.
 */
public record MongoMigrationSettings(@DefaultValue("true") boolean enabled, @DefaultValue List<String> locations,
		@DefaultValue("appdbs_migrations") String collection, @DefaultValue("1m") Duration lockTimeout,
		boolean outOfOrder, boolean repair) {

	public MongoMigrationSettings {
		locations = List.copyOf(locations);
	}

}
