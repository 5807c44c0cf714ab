package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import io.appdbs.engine.NearestName;
import io.appdbs.engine.RlsSettings;
import io.appdbs.engine.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Rejects {@code rls.witnesses} that cannot be two users. Does not repeat values, which
 * may be tokens.
 */
class WitnessesValidator {

	private static final String KEY = "rls.witnesses";

	private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

	private final SettingProblems problems;

	private final RlsSettings settings;

	WitnessesValidator(SettingProblems problems, RlsSettings settings) {
		this.problems = problems;
		this.settings = settings;
	}

	void validate() {
		List<Map<String, String>> witnesses = this.settings.witnesses();
		if (witnesses.isEmpty()) {
			return;
		}
		for (int i = 0; i < witnesses.size(); i++) {
			validate(i, witnesses.get(i));
		}
		if (witnesses.size() != 2) {
			add(key(0, witnesses.get(0).keySet().stream().sorted().findFirst().orElse(null)), KEY,
					"must have two users, but has " + witnesses.size(),
					"Write the settings of two users whose rows the policies must keep apart.");
			return;
		}
		validateDifference(witnesses.get(0), witnesses.get(1));
	}

	private void validate(int index, Map<String, String> witness) {
		List<String> names = this.settings.settings().stream().map(Setting::name).filter(Objects::nonNull).toList();
		witness.keySet().stream().sorted().filter((name) -> !names.contains(name)).forEach((name) -> {
			String nearest = NearestName.find(name, names);
			add(key(index, name), key(index, name),
					"is not one of '%s': %s".formatted(this.problems.key("rls.settings"), String.join(", ", names)),
					((nearest != null) ? "Did you mean '%s'? ".formatted(nearest) : "")
							+ "Write the name of one of these settings.");
		});
		for (Setting setting : this.settings.settings()) {
			String value = witness.get(setting.name());
			if (value == null && setting.required()) {
				add(key(index, witness.keySet().stream().sorted().findFirst().orElse(null)), key(index, null),
						"has no value for '%s', which is required".formatted(setting.name()), "Add the setting.");
			}
			else if (value != null) {
				validateType(key(index, setting.name()), setting, value);
			}
		}
	}

	private void validateType(String key, Setting setting, String value) {
		switch (setting.type()) {
			case LONG -> {
				try {
					Long.parseLong(value);
				}
				catch (NumberFormatException ex) {
					add(key, key, "is not a whole number of 64 bits", "Write a number, or change the type of the setting.");
				}
			}
			case UUID -> {
				if (!UUID.matcher(value).matches()) {
					add(key, key, "is not a UUID", "Write a UUID, or change the type of the setting.");
				}
			}
			case ANY -> {
			}
		}
	}

	/**
	 * The users must differ in what is required, else in anything.
	 */
	private void validateDifference(Map<String, String> first, Map<String, String> second) {
		for (Setting setting : this.settings.settings()) {
			String value = second.get(setting.name());
			if (value != null && setting.required() && value.equals(first.get(setting.name()))) {
				add(key(1, setting.name()), key(1, setting.name()),
						"has the same value as '%s'".formatted(this.problems.key(key(0, setting.name()))),
						"Write the values of two different users.");
			}
		}
		if (first.equals(second) && this.settings.settings().stream().noneMatch(Setting::required)) {
			add(key(1, second.keySet().stream().sorted().findFirst().orElse(null)), key(1, null),
					"is the same user as '%s'".formatted(this.problems.key(key(0, null))),
					"Write the values of two different users.");
		}
	}

	private static String key(int index, @Nullable String name) {
		return "%s[%d]%s".formatted(KEY, index, (name != null) ? "." + name : "");
	}

	private void add(String place, String key, String what, String action) {
		this.problems.addOwn(place, "'%s' %s.".formatted(this.problems.key(key), what), action, null);
	}

}
