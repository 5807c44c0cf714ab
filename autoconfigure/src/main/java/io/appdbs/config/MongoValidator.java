package io.appdbs.config;

import java.util.Locale;

import io.appdbs.config.ConfiguredSources.Place;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.settings.MongoSettings;
import io.appdbs.settings.MongoValidatorSettings;
import io.appdbs.settings.MongoValidatorSettings.Mode;

/**
 * Validates the settings that only MongoDB databases have.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 */
record MongoValidator(SettingProblems problems, MongoSettings settings, Engine engine) {

	private static final String GROUP = "mongo";

	private static final String VALIDATORS = "mongo.validators.";

	void validate() {
		if (this.engine.getKind() != DatabaseKind.MONGODB) {
			rejectOtherKind();
		}
		else {
			validateValidators(this.settings.validators());
		}
	}

	private void validateValidators(MongoValidatorSettings validators) {
		String mode = VALIDATORS + "mode";
		this.problems.checkPositive(VALIDATORS + "timeout", validators.timeout());
		if (validators.mode() != Mode.APPLY) {
			rejectWithout(VALIDATORS + "action", mode, "apply");
		}
		if (validators.mode() == Mode.OFF) {
			rejectWithout(VALIDATORS + "timeout", mode, "verify");
			rejectWithout(VALIDATORS + "exclude", mode, "verify");
		}
	}

	/**
	 * Rejects a key of the database itself that has no effect. A default is for databases
	 * with another mode as well.
	 */
	private void rejectWithout(String key, String mode, String needed) {
		Place place = this.problems.place(key);
		if (place != null && place.own()) {
			String state = (this.problems.place(mode) != null)
					? "'%s' is '%s'".formatted(this.problems.key(mode),
							this.settings.validators().mode().name().toLowerCase(Locale.ROOT))
					: "'%s' is not set".formatted(this.problems.key(mode));
			this.problems.addOwn(key, "'%s' is set, but %s.".formatted(place.key(), state),
					"Set '%s' to '%s', or remove '%s'.".formatted(this.problems.key(mode), needed, place.key()));
		}
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
