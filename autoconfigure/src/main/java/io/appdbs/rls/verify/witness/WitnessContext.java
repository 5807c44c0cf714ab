package io.appdbs.rls.verify.witness;

import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.rls.verify.catalog.WitnessUsers;
import org.jspecify.annotations.Nullable;

/**
 * The values of settings while questions are asked.
 *
 * @param settings the values, or {@code null} where no setting was ever set on the
 * connection
 * @param user whether there is a user
 * @param words the words for it behind a sentence, or nothing
 */
public record WitnessContext(@Nullable Map<String, String> settings, boolean user, String words) {

	public static WitnessContext unset() {
		return new WitnessContext(null, false, ", where no setting was ever set");
	}

	public static WitnessContext empty(Iterable<String> settings) {
		Map<String, String> values = new LinkedHashMap<>();
		settings.forEach((setting) -> values.put(setting, ""));
		values.put(WitnessUsers.ASSUMED, "");
		return new WitnessContext(values, false, ", where settings are empty");
	}

	public static WitnessContext of(WitnessUsers users) {
		Map<String, String> values = new LinkedHashMap<>(users.settings());
		values.put(WitnessUsers.ASSUMED, users.assumed());
		return new WitnessContext(values, true, "");
	}

	/**
	 * Returns the same context without one setting.
	 */
	public WitnessContext without(String setting) {
		return with(setting, "");
	}

	/**
	 * Returns the same context with another value of a setting.
	 */
	public WitnessContext with(String setting, String value) {
		Map<String, String> values = new LinkedHashMap<>((this.settings != null) ? this.settings : Map.of());
		values.put(setting, value);
		return new WitnessContext(values, true,
				", where %s is %s".formatted(setting, value.isEmpty() ? "empty" : value));
	}

}
