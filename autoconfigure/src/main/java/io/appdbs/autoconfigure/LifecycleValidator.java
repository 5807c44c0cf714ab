package io.appdbs.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.appdbs.engine.DatabaseSettings;
import io.appdbs.engine.Engine;
import io.appdbs.engine.HealthSettings;
import io.appdbs.engine.JdbcEngine;

/**
 * Refuses values of {@code startup} and {@code health} that cannot be meant.
 */
class LifecycleValidator {

	private static final String REQUIRED_TABLES = "startup.required-tables";

	private final SettingProblems problems;

	private final DatabaseSettings settings;

	private final Engine engine;

	LifecycleValidator(SettingProblems problems, DatabaseSettings settings, Engine engine) {
		this.problems = problems;
		this.settings = settings;
		this.engine = engine;
	}

	void validate() {
		isPositive("startup.timeout", this.settings.startup().timeout());
		validateTables(this.settings.startup().requiredTables());
		HealthSettings health = this.settings.health();
		boolean timeout = isPositive("health.timeout", health.timeout());
		boolean interval = isPositive("health.interval", health.interval());
		isPositive("health.abort-after", health.abortAfter());
		if (timeout && interval && health.interval().compareTo(health.timeout()) < 0) {
			validateInterval(health);
		}
	}

	private boolean isPositive(String key, Duration value) {
		if (value.toMillis() >= 1) {
			return true;
		}
		this.problems.add(key, SettingProblems.text(value), "but must be at least 1ms", "Write 1ms or more.");
		return false;
	}

	private void validateInterval(HealthSettings health) {
		String interval = this.problems.key("health.interval");
		String timeout = this.problems.key("health.timeout");
		String intervalText = SettingProblems.text(health.interval());
		String timeoutText = SettingProblems.text(health.timeout());
		String action = "Raise '%s' or lower '%s': a probe must have ended before the next one.".formatted(interval,
				timeout);
		if (this.problems.place("health.interval") == null) {
			this.problems.add("health.timeout", timeoutText,
					"which is longer than the %s that '%s' is by default".formatted(intervalText, interval), action);
			return;
		}
		this.problems.add("health.interval", intervalText,
				(this.problems.place("health.timeout") != null)
						? "which is shorter than '%s', which is '%s'".formatted(timeout, timeoutText)
						: "which is shorter than the %s that '%s' is by default".formatted(timeoutText, timeout),
				action);
	}

	private void validateTables(List<String> tables) {
		if (!tables.isEmpty() && !(this.engine instanceof JdbcEngine)) {
			String key = this.problems.entry(REQUIRED_TABLES, 0);
			this.problems.addOwn(key, "'%s' is set, but %s has no tables.".formatted(this.problems.key(key),
					this.engine.getDisplayName()), "Remove '%s'.".formatted(this.problems.key(key)), null);
			return;
		}
		this.problems.checkTables(REQUIRED_TABLES, tables);
	}

}
