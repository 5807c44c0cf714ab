package io.appdbs.config.validator;

import java.util.Locale;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.settings.security.AuditSettings;
import io.appdbs.settings.security.AuditSettings.OnFailure;
import io.appdbs.settings.security.AuditSettings.Statements;

/**
 * Validates the settings for the audit of statements of a database.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 */
record AuditValidator(SettingProblems problems, AuditSettings settings, Engine engine) {

	private static final String STATEMENTS = "audit.statements";

	private static final String ON_FAILURE = "audit.on-failure";

	void validate() {
		Place place = this.problems.place(ON_FAILURE);
		boolean own = place == null || place.own();
		if (this.settings.statements() == Statements.OFF) {
			if (place != null && own) {
				this.problems.add(ON_FAILURE, this.settings.onFailure().name().toLowerCase(Locale.ROOT),
						"but no units of work are recorded", "Set '%s' to writes or all as well, or remove '%s'."
							.formatted(this.problems.key(STATEMENTS), place.key()));
			}
		}
		else if (this.settings.onFailure() == OnFailure.FAIL && this.engine.getKind() == DatabaseKind.MONGODB) {
			this.problems.addOwn(ON_FAILURE,
					"'%s' is 'fail', but the driver of %s reports commands and cannot be stopped from sending them."
						.formatted(this.problems.key(ON_FAILURE), this.engine.getDisplayName()),
					own ? "Set '%s' to log.".formatted(this.problems.key(ON_FAILURE))
							: "Set 'audit.on-failure' of this database to log.");
		}
	}

}
