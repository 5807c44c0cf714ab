package io.appdbs.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.appdbs.engine.DatabaseSettings;
import io.appdbs.engine.Engine;
import io.appdbs.engine.HealthSettings;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.TableName;

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
			String key = tableKey(0);
			this.problems.addOwn(key, "'%s' is set, but %s has no tables.".formatted(this.problems.key(key),
					this.engine.getDisplayName()), "Remove '%s'.".formatted(this.problems.key(key)), null);
			return;
		}
		for (int i = 0; i < tables.size(); i++) {
			if (TableName.parse(tables.get(i)) == null) {
				this.problems.add(tableKey(i), tables.get(i), "which is not the name of a table",
						"Write 'table' or 'schema.table', with double quotes around a part that has capital letters "
								+ "or other characters than letters, digits, '_' and '$': sales.\"Order Lines\".");
			}
		}
	}

	/**
	 * A list is written as several keys, or as one with commas.
	 */
	private String tableKey(int index) {
		String key = REQUIRED_TABLES + "[" + index + "]";
		return (this.problems.place(key) != null) ? key : REQUIRED_TABLES;
	}

}
