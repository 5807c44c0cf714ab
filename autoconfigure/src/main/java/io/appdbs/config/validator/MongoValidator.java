package io.appdbs.config.validator;

import java.util.List;
import java.util.Locale;

import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.settings.mongo.MongoIndexSettings;
import io.appdbs.settings.mongo.MongoIndexSettings.Mode;
import io.appdbs.settings.mongo.MongoSettings;
import org.jspecify.annotations.Nullable;

/**
 * Validates the settings that only MongoDB databases have.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record MongoValidator(SettingProblems problems, MongoSettings settings, Engine engine,
		@Nullable ClassLoader classLoader) {

	/** The groups that only MongoDB databases have. */
	private static final List<String> GROUPS = List.of("mongo", "sharding");

	void validate() {
		if (this.engine.getKind() != DatabaseKind.MONGODB) {
			GROUPS.forEach(this::rejectOtherKind);
			return;
		}
		validateIndexes(this.settings.indexes());
		new MongoValidatorsValidator(this.problems, this.settings.validators()).validate();
		new MongoMigrationValidator(this.problems, this.settings.migrations(), this.classLoader).validate();
	}

	/**
	 * Nothing is awaited if nothing is created.
	 */
	private void validateIndexes(MongoIndexSettings indexes) {
		String await = "mongo.indexes.await";
		if (indexes.await() && indexes.mode() != Mode.CREATE) {
			String mode = this.problems.key("mongo.indexes.mode");
			this.problems.add(await, "true",
					"but no index is created because '%s' is '%s'%s".formatted(mode,
							indexes.mode().name().toLowerCase(Locale.ROOT),
							(this.problems.place("mongo.indexes.mode") != null) ? "" : " by default"),
					"Set '%s' to 'create', or remove '%s'.".formatted(mode, this.problems.key(await)));
		}
	}

	/**
	 * A default is for the MongoDB databases.
	 */
	private void rejectOtherKind(String group) {
		String key = this.problems.keys().findOwn(group);
		if (key != null) {
			this.problems.addOwn(key,
					"'%s' is set, but %s is not MongoDB.".formatted(this.problems.key(key),
							this.engine.getDisplayName()),
					"Remove '%s', or move it to a MongoDB database.".formatted(this.problems.key(key)));
		}
	}

}
