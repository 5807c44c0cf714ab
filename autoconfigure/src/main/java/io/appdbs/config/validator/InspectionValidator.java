package io.appdbs.config.validator;

import java.time.Duration;
import java.util.List;

import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.FindingsSettings;
import io.appdbs.settings.InspectionSettings;

/**
 * Validates the settings of the inspection of a database.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 */
record InspectionValidator(SettingProblems problems, InspectionSettings settings, Engine engine) {

	/** The time for a whole inspection. */
	private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(5);

	private static final int LARGEST_LIMIT = 1000;

	void validate() {
		validateInterval();
		Duration timeout = this.settings.timeout();
		if (this.problems.checkPositive("inspection.timeout", timeout) && timeout.compareTo(LONGEST_TIMEOUT) > 0) {
			this.problems.add("inspection.timeout", SettingProblems.text(timeout), "but must be at most 5s",
					"Write 5s or less: a whole inspection takes 5s at most.");
		}
		if (this.settings.limit() < 1 || this.settings.limit() > LARGEST_LIMIT) {
			this.problems.add("inspection.limit", this.settings.limit(), "but must be between 1 and 1000",
					"Write a number of rows between 1 and 1000.");
		}
		if (this.settings.password() != null && this.settings.username() == null) {
			this.problems.addOwn("inspection.password",
					"'%s' is set, but '%s' is not.".formatted(this.problems.key("inspection.password"),
							this.problems.key("inspection.username")),
					"Set '%s' as well, or remove '%s' so that the application's login inspects."
						.formatted(this.problems.key("inspection.username"), this.problems.key("inspection.password")));
		}
		validateFindings(this.settings.findings());
	}

	private void validateInterval() {
		Duration interval = this.settings.interval();
		if (interval == null) {
			return;
		}
		this.problems.checkAtLeast("inspection.interval", interval, Duration.ofSeconds(1));
		if (this.engine instanceof JdbcEngine jdbcEngine && jdbcEngine.getInspector() == null) {
			this.problems.addOwn("inspection.interval",
					"'%s' is set, but %s cannot be inspected.".formatted(this.problems.key("inspection.interval"),
							this.engine.getDisplayName()),
					"Remove '%s'.".formatted(this.problems.key("inspection.interval")));
		}
	}

	private void validateFindings(FindingsSettings findings) {
		this.problems.checkAtLeast("inspection.findings.minimum-age", findings.minimumAge(), Duration.ZERO);
		if (findings.minimumSize().isNegative()) {
			this.problems.add("inspection.findings.minimum-size", findings.minimumSize(), "but must not be negative",
					"Write a size such as 1MB, or 0 for all sizes.");
		}
		List<String> ignore = findings.ignore();
		for (int i = 0; i < ignore.size(); i++) {
			if (ignore.get(i).indexOf(':') < 1) {
				this.problems.add(this.problems.entry("inspection.findings.ignore", i), ignore.get(i),
						"which matches no finding",
						"Write the kind of finding, a colon and the object, with '*' for any characters: \"unused-index:public.audit_*\" or \"%s:*\"."
							.formatted(ignore.get(i).replaceFirst("^:+", "")));
			}
		}
	}

}
