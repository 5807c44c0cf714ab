package io.appdbs.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.appdbs.settings.RetrySettings;

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
		boolean initial = this.problems.checkPositive("retry.initial-delay", this.settings.initialDelay());
		boolean max = this.problems.checkPositive("retry.max-delay", this.settings.maxDelay());
		if (initial && max) {
			this.problems.checkNotShorter("retry.max-delay", this.settings.maxDelay(), "retry.initial-delay",
					this.settings.initialDelay(), "");
		}
		this.problems.checkPositive("retry.timeout", this.settings.timeout());
		double multiplier = this.settings.multiplier();
		if (!(multiplier >= 1 && multiplier <= Integer.MAX_VALUE)) {
			this.problems.add("retry.multiplier", multiplier, "but delays do not become shorter",
					"Write 1 or more, such as 2.");
		}
		validateStates(this.settings.onSqlStates());
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
