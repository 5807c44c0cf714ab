package io.appdbs.config.validator;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.Setting;

/**
 * Rejects {@code rls.witnesses} that are not two users. Does not show values, which may
 * be tokens.
 *
 * @param problems where problems are reported
 * @param settings the settings
 */
record WitnessesValidator(SettingProblems problems, RlsSettings settings) {

	private static final String KEY = "rls.witnesses";

	private static final String DIFFERENT = "Write the values of two different users.";

	void validate() {
		List<Map<String, String>> witnesses = this.settings.witnesses();
		if (witnesses.isEmpty()) {
			return;
		}
		for (int i = 0; i < witnesses.size(); i++) {
			validate(i, witnesses.get(i));
		}
		if (witnesses.size() != 2) {
			add(0, first(witnesses.get(0)),
					"'%s' must have two users, but has %d.".formatted(this.problems.key(KEY), witnesses.size()),
					"Write the settings of two users whose rows the policies must keep apart.");
			return;
		}
		validateDifference(witnesses.get(0), witnesses.get(1));
	}

	private void validate(int index, Map<String, String> witness) {
		List<String> names = this.settings.settings().stream().map(Setting::name).filter(Objects::nonNull).toList();
		witness.keySet().stream().sorted().filter((name) -> !names.contains(name)).forEach((name) -> {
			String nearest = NearestName.find(name, names);
			add(index, name,
					"'%s' is not one of '%s': %s.".formatted(key(index, name), this.problems.key("rls.settings"),
							String.join(", ", names)),
					(nearest != null) ? "Did you mean '%s'?".formatted(nearest)
							: "Write the name of one of these settings.");
		});
		for (Setting setting : this.settings.settings()) {
			String value = (setting.name() != null) ? witness.get(setting.name()) : null;
			if (value != null && !setting.type().accepts(value)) {
				add(index, setting.name(), "'%s' is not %s.".formatted(key(index, setting.name()), words(setting)),
						"Write such a value, or change the type of the setting.");
			}
			else if (value == null && setting.required()) {
				add(index, first(witness), "'%s' has no value for '%s', which is required."
					.formatted(this.problems.key("%s[%d]".formatted(KEY, index)), setting.name()), "Add the setting.");
			}
		}
	}

	private static String words(Setting setting) {
		return (setting.type() == RlsSettings.Type.LONG) ? "a whole number of 64 bits" : "a UUID";
	}

	/**
	 * The users must differ in the required settings or, if there are none, in any
	 * setting.
	 */
	private void validateDifference(Map<String, String> first, Map<String, String> second) {
		List<Setting> required = this.settings.settings().stream().filter(Setting::required).toList();
		for (Setting setting : required) {
			String value = (setting.name() != null) ? second.get(setting.name()) : null;
			if (value != null && value.equals(first.get(setting.name()))) {
				add(1, setting.name(),
						"'%s' has the same value as '%s'.".formatted(key(1, setting.name()), key(0, setting.name())),
						DIFFERENT);
			}
		}
		if (required.isEmpty() && first.equals(second)) {
			add(1, first(second), "'%s' has two users with the same values.".formatted(this.problems.key(KEY)),
					DIFFERENT);
		}
	}

	private static String first(Map<String, String> witness) {
		return witness.keySet().stream().sorted().findFirst().orElse("");
	}

	/**
	 * Returns the full key of a value, whose name can have any letters.
	 */
	private String key(int index, String name) {
		Place place = this.problems.entryOf("%s[%d]".formatted(KEY, index), name);
		return (place != null) ? place.key() : this.problems.key(KEY);
	}

	private void add(int index, String name, String message, String action) {
		Place place = this.problems.entryOf("%s[%d]".formatted(KEY, index), name);
		if (place != null) {
			this.problems.addAt(place, message, action);
		}
		else {
			this.problems.addOwn(KEY, message, action);
		}
	}

}
