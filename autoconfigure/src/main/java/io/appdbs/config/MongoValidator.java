package io.appdbs.config;

import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.settings.MongoSettings;
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

	private static final String GROUP = "mongo";

	void validate() {
		if (this.engine.getKind() != DatabaseKind.MONGODB) {
			rejectOtherKind();
			return;
		}
		new MongoValidatorsValidator(this.problems, this.settings.validators()).validate();
		new MongoMigrationValidator(this.problems, this.settings.migrations(), this.classLoader).validate();
	}

	/**
	 * A default is for the MongoDB databases.
	 */
	private void rejectOtherKind() {
		String key = this.problems.keys().findOwn(GROUP);
		if (key != null) {
			this.problems.addOwn(key,
					"'%s' is set, but %s is not MongoDB.".formatted(this.problems.key(key),
							this.engine.getDisplayName()),
					"Remove '%s', or move it to a MongoDB database.".formatted(this.problems.key(key)));
		}
	}

}
