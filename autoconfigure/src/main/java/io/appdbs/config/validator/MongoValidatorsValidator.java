package io.appdbs.config.validator;

import java.util.Locale;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.settings.mongo.MongoValidatorSettings;
import io.appdbs.settings.mongo.MongoValidatorSettings.Mode;

/**
 * Validates the settings of the validators of collections.
 *
 * @param problems where problems are reported
 * @param settings the settings
 */
record MongoValidatorsValidator(SettingProblems problems, MongoValidatorSettings settings) {

	private static final String GROUP = "mongo.validators.";

	private static final String MODE = GROUP + "mode";

	private static final String TIMEOUT = GROUP + "timeout";

	void validate() {
		this.problems.checkPositive(TIMEOUT, this.settings.timeout());
		if (this.settings.mode() != Mode.APPLY) {
			rejectWithout(GROUP + "action", Mode.APPLY);
		}
		if (this.settings.mode() == Mode.OFF) {
			rejectWithout(TIMEOUT, Mode.VERIFY);
			rejectWithout(GROUP + "exclude", Mode.VERIFY);
		}
	}

	/**
	 * Rejects a key of the database itself that has no effect. A default is for databases
	 * with another mode as well.
	 */
	private void rejectWithout(String key, Mode needed) {
		Place place = this.problems.place(key);
		if (place != null && place.own()) {
			String mode = this.problems.key(MODE);
			String state = (this.problems.place(MODE) != null) ? "is '%s'".formatted(text(this.settings.mode()))
					: "is not set";
			this.problems.addOwn(key, "'%s' is set, but '%s' %s.".formatted(place.key(), mode, state),
					"Set '%s' to '%s', or remove '%s'.".formatted(mode, text(needed), place.key()));
		}
	}

	private static String text(Mode mode) {
		return mode.name().toLowerCase(Locale.ROOT);
	}

}
