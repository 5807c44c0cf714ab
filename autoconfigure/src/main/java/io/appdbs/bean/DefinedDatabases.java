package io.appdbs.bean;

import java.util.Collection;
import java.util.Map;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What was known of the databases when their beans were defined, possibly ahead of time.
 * Rejects settings that would need other beans.
 *
 * @param kinds the kinds of the databases
 * @param reactive the names of the databases with reactive beans
 * @param encrypted the names of the databases with a keyset
 * @param cached the names of the databases with caches
 */
record DefinedDatabases(Map<String, DatabaseKind> kinds, Collection<String> reactive, Collection<String> encrypted,
		Collection<String> cached) {

	void verify(Collection<DatabaseDefinition> databases) {
		databases.forEach((database) -> rejectOtherKind(database, this.kinds.get(database.name())));
		databases.forEach((database) -> rejectOtherClient(database, this.reactive.contains(database.name())));
		databases.forEach((database) -> rejectOther(database, "encryption.keyset",
				database.settings().encryption().keyset() != null, this.encrypted.contains(database.name())));
		databases.forEach((database) -> rejectOther(database, "cache.spec", database.settings().cache().spec() != null,
				this.cached.contains(database.name())));
	}

	/**
	 * The beans have been defined, possibly ahead of time, and would open the database.
	 */
	static void rejectDisabled(DisabledDatabase database) {
		throw new InvalidDatabaseConfigurationException(database.name(), database.place().key(),
				"Database '%s' is disabled, but was not when the beans of the database were defined: %s"
					.formatted(database.name(), database.reason()),
				"Set '%s' in a source that is available from the start, and during the build if the application is processed ahead of time. Otherwise, remove it."
					.formatted(database.place().key()),
				null)
			.in(TroubleshootingSection.CHANGED_KEY);
	}

	/**
	 * A URL may change after the beans have been defined, possibly ahead of time, but not
	 * to one that needs other beans.
	 */
	private static void rejectOtherKind(DatabaseDefinition database, @Nullable DatabaseKind kind) {
		if (database.engine().getKind() != kind) {
			String key = database.key("engine");
			throw new InvalidDatabaseConfigurationException(database.name(), key,
					"Database '%s': '%s' is a URL for %s, but was not when the beans of the database were defined."
						.formatted(database.name(), database.key("url"), database.engine().getDisplayName()),
					"Set '%s' to '%s', or the URL, in a source that is available from the start.".formatted(key,
							database.engine().getId()),
					null)
				.in(TroubleshootingSection.CHANGED_KEY);
		}
	}

	/**
	 * Without its beans, a reactive client would be of no use.
	 */
	private static void rejectOtherClient(DatabaseDefinition database, boolean reactive) {
		if (database.engine().getKind() == DatabaseKind.MONGODB && database.settings().mongo().reactive() != reactive) {
			String key = database.key("mongo.reactive");
			throw new InvalidDatabaseConfigurationException(database.name(), key,
					"Database '%s': '%s' is %s, but was %s when the beans of the database were defined."
						.formatted(database.name(), key, !reactive, reactive),
					"Set '%s' in a source that is available from the start, and during the build if the application is processed ahead of time."
						.formatted(key),
					null)
				.in(TroubleshootingSection.CHANGED_KEY);
		}
	}

	/**
	 * Without its bean, a setting would be of no use.
	 */
	private static void rejectOther(DatabaseDefinition database, String setting, boolean set, boolean defined) {
		if (set != defined) {
			String key = database.key(setting);
			throw new InvalidDatabaseConfigurationException(database.name(), key,
					"Database '%s': '%s' is %s, but was %s when the beans of the database were defined."
						.formatted(database.name(), key, set ? "set" : "not set", set ? "not set" : "set"),
					"Set '%s' in a source that is available from the start, and during the build if the application is processed ahead of time."
						.formatted(key),
					null)
				.in(TroubleshootingSection.CHANGED_KEY);
		}
	}

}
