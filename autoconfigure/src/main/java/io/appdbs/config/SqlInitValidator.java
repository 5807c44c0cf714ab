package io.appdbs.config;

import java.util.List;

import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.migration.ScriptLocations;
import io.appdbs.migration.ScriptLocations.Missing;
import io.appdbs.settings.SqlInitSettings;
import org.jspecify.annotations.Nullable;

/**
 * Validates the settings under {@code sql-init}.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record SqlInitValidator(SettingProblems problems, SqlInitSettings settings, Engine engine,
		@Nullable ClassLoader classLoader) {

	void validate() {
		if (this.engine.getKind() != DatabaseKind.RELATIONAL) {
			String own = this.problems.findOwn("sql-init");
			if (own != null) {
				this.problems.addOwn(own, "'%s' has no effect: %s executes no SQL scripts."
					.formatted(this.problems.key(own), this.engine.getDisplayName()), "Remove it.");
			}
			return;
		}
		if (this.settings.password() != null && this.settings.username() == null) {
			this.problems.addOwn("sql-init.password",
					"'%s' is set, but no username for SQL scripts.".formatted(this.problems.key("sql-init.password")),
					"Add 'username' next to it.");
		}
		if (this.settings.separator().isEmpty()) {
			this.problems.add("sql-init.separator", "", "but must not be empty",
					"Write for example ';', or '^^^ END OF SCRIPT ^^^' if each script is one statement.");
		}
		validateLocations();
	}

	private void validateLocations() {
		List<Missing> missing = new ScriptLocations(this.problems.keys().database(), this.settings, this.classLoader)
			.findMissing();
		for (Missing each : missing) {
			String key = this.problems.entry("sql-init." + each.key(), each.index());
			this.problems.add(key, each.location(), "but there is no such script",
					"Correct '%s', create the script, or write 'optional:' in front of the location if it may be missing."
						.formatted(this.problems.key(key)));
		}
	}

}
