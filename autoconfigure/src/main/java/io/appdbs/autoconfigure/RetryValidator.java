package io.appdbs.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.appdbs.engine.RetrySettings;

/**
 * Refuses values of {@code retry} that cannot be meant.
 */
class RetryValidator {

	private static final Pattern SQL_STATE = Pattern.compile("[0-9A-Z]{5}");

	private final SettingProblems problems;

	private final RetrySettings settings;

	RetryValidator(SettingProblems problems, RetrySettings settings) {
		this.problems = problems;
		this.settings = settings;
	}

	void validate() {
		if (this.settings.maxAttempts() < 1) {
			this.problems.add("retry.max-attempts", this.settings.maxAttempts(), "but there is at least one attempt",
					"Write 1 or more. With 1 there is no further attempt.");
		}
		boolean delays = isPositive("retry.initial-delay", this.settings.initialDelay())
				& isPositive("retry.max-delay", this.settings.maxDelay());
		if (delays && this.settings.maxDelay().compareTo(this.settings.initialDelay()) < 0) {
			validateDelays();
		}
		isPositive("retry.timeout", this.settings.timeout());
		double multiplier = this.settings.multiplier();
		if (!(multiplier >= 1 && multiplier <= Integer.MAX_VALUE)) {
			this.problems.add("retry.multiplier", multiplier, "but delays do not become shorter",
					"Write 1 or more, such as 2.");
		}
		validateStates(this.settings.onSqlStates());
	}

	private boolean isPositive(String key, Duration value) {
		if (value.toMillis() >= 1) {
			return true;
		}
		this.problems.add(key, SettingProblems.text(value), "but must be at least 1ms", "Write 1ms or more.");
		return false;
	}

	private void validateDelays() {
		String initial = this.problems.key("retry.initial-delay");
		String max = this.problems.key("retry.max-delay");
		String initialText = SettingProblems.text(this.settings.initialDelay());
		String maxText = SettingProblems.text(this.settings.maxDelay());
		String action = "Raise '%s' or lower '%s'.".formatted(max, initial);
		if (this.problems.place("retry.max-delay") == null) {
			this.problems.add("retry.initial-delay", initialText,
					"which is longer than the %s that '%s' is by default".formatted(maxText, max), action);
			return;
		}
		this.problems.add("retry.max-delay", maxText,
				(this.problems.place("retry.initial-delay") != null)
						? "which is shorter than '%s', which is '%s'".formatted(initial, initialText)
						: "which is shorter than the %s that '%s' is by default".formatted(initialText, initial),
				action);
	}

	private void validateStates(List<String> states) {
		for (int i = 0; i < states.size(); i++) {
			String state = states.get(i);
			if (!SQL_STATE.matcher(state.toUpperCase(Locale.ROOT)).matches()) {
				this.problems.add(this.problems.entry("retry.on-sql-states", i), state, "which is no SQLState",
						"Write its five digits and letters, in quotes: \"23505\".");
			}
		}
	}

}
