package io.appdbs.config.validator;

import java.time.Duration;
import java.util.List;

import io.appdbs.config.source.SettingProblems;
import io.appdbs.mongo.migration.CommandLocations;
import io.appdbs.settings.mongo.MongoMigrationSettings;
import org.jspecify.annotations.Nullable;

/**
 * Validates the settings of the migrations of a MongoDB database.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record MongoMigrationValidator(SettingProblems problems, MongoMigrationSettings settings,
		@Nullable ClassLoader classLoader) {

	private static final String GROUP = "mongo.migrations.";

	private static final String COLLECTION = GROUP + "collection";

	/** MongoDB's limit for the names of database and collection is 255 bytes. */
	private static final int MAX_LENGTH = 190;

	void validate() {
		this.problems.checkAtLeast(GROUP + "lock-timeout", this.settings.lockTimeout(), Duration.ofSeconds(1));
		validateCollection(this.settings.collection());
		if (this.settings.enabled()) {
			List<String> locations = this.settings.locations();
			for (int i = 0; i < locations.size(); i++) {
				validateLocation(this.problems.entry(GROUP + "locations", i), locations.get(i));
			}
		}
	}

	private void validateCollection(String collection) {
		if (collection.isBlank() || collection.startsWith("system.") || collection.startsWith(".")
				|| collection.endsWith(".") || collection.matches("(?s).*[$\\x00].*")
				|| collection.length() > MAX_LENGTH) {
			this.problems.add(COLLECTION, collection, "which is not the name of a collection",
					"Write a name without '$' and with at most %d characters that does not begin with 'system.'."
						.formatted(MAX_LENGTH));
		}
	}

	private void validateLocation(String key, String location) {
		if (!CommandLocations.isSupported(location)) {
			this.problems.add(key, location, "which is neither on the class path nor in the file system",
					"Begin the location with 'classpath:' or 'filesystem:'.");
		}
		else if (!new CommandLocations(this.classLoader).isPresent(location)) {
			this.problems.add(key, location, "but contains no migrations",
					"Create a file such as 'V1__create.json' there, or correct '%s'."
						.formatted(this.problems.key(key)));
		}
	}

}
