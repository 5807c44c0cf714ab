package io.appdbs.config;

import java.util.List;

import io.appdbs.config.ConfiguredSources.Place;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.HealthSettings;

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
		this.problems.checkPositive("startup.timeout", this.settings.startup().timeout());
		validateTables(this.settings.startup().requiredTables());
		HealthSettings health = this.settings.health();
		boolean timeout = this.problems.checkPositive("health.timeout", health.timeout());
		boolean interval = this.problems.checkPositive("health.interval", health.interval());
		this.problems.checkPositive("health.abort-after", health.abortAfter());
		validateReadiness();
		if (timeout && interval) {
			this.problems.checkNotShorter("health.interval", health.interval(), "health.timeout", health.timeout(),
					": a probe must have ended before the next one");
		}
	}

	/**
	 * A default that says so is for the databases that are required.
	 */
	private void validateReadiness() {
		Place readiness = this.problems.place("health.readiness");
		if (!this.settings.required() && this.settings.health().readiness() && readiness != null && readiness.own()) {
			this.problems.addOwn("health.readiness",
					"'%s' is 'true', but '%s' is 'false': readiness depends on required databases only."
						.formatted(readiness.key(), this.problems.key("required")),
					"Remove '%s', or set 'required' of the database to 'true'.".formatted(readiness.key()), null);
		}
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
