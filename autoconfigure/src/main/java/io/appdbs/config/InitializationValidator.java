package io.appdbs.config;

import java.util.List;
import java.util.Map;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.engine.url.ShownLocation;
import io.appdbs.migration.ChangelogFiles;
import io.appdbs.migration.ScriptLocations;
import io.appdbs.migration.ScriptLocations.Missing;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.LiquibaseSettings;
import io.appdbs.settings.SqlInitSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Validates the settings under {@code liquibase} and {@code sql-init}.
 *
 * @param problems where problems are reported
 * @param engine the engine of the database
 * @param parameters the validator of driver parameters
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record InitializationValidator(SettingProblems problems, Engine engine, DriverParameterValidator parameters,
		@Nullable ClassLoader classLoader) {

	private static final String LIQUIBASE = "org.liquibase:liquibase-core";

	private static final String CHANGE_LOG = "liquibase.change-log";

	void validate(DatabaseSettings settings) {
		if (this.engine.getKind() != DatabaseKind.RELATIONAL) {
			reject("liquibase", "Liquibase does not migrate %s.");
			reject("sql-init", "%s executes no SQL scripts.");
			return;
		}
		validateLiquibase(settings.liquibase());
		validateScripts(settings.sqlInit());
	}

	private void reject(String group, String reason) {
		String own = this.problems.keys().findOwn(group);
		if (own != null) {
			this.problems.addOwn(own, "'%s' has no effect: ".formatted(this.problems.key(own))
					+ reason.formatted(this.engine.getDisplayName()), "Remove it.");
		}
	}

	private void validateLiquibase(LiquibaseSettings settings) {
		String own = this.problems.keys().findOwn("liquibase");
		List<String> files = new ChangelogFiles(this.classLoader).find(this.problems.keys().database());
		if (!settings.enabled() || (own == null && settings.changeLog() == null && files.isEmpty())) {
			return;
		}
		if (!ClassUtils.isPresent("liquibase.integration.spring.SpringLiquibase", this.classLoader)) {
			addMissing((own != null || settings.changeLog() == null) ? own : CHANGE_LOG, files);
			return;
		}
		if (settings.changeLog() != null) {
			validateLocation(settings.changeLog());
		}
		else {
			validateFiles(own, files);
		}
		if (settings.url() != null) {
			this.parameters.validateMigrationUrl(this.problems, "liquibase.url", settings.url(), this.engine, Map.of());
		}
		validateLogin("liquibase", "user", settings.user(), settings.password(), "migrations");
	}

	private void addMissing(@Nullable String key, List<String> files) {
		if (key != null) {
			this.problems
				.addOwn(key,
						"'%s' needs '%s', which is not on the class path.".formatted(this.problems.key(key), LIQUIBASE),
						Dependency.advice(List.of(LIQUIBASE)))
				.in(TroubleshootingSection.LIBRARY);
			return;
		}
		this.problems.addOwn("liquibase.enabled",
				"the changelog '%s' needs '%s', which is not on the class path.".formatted(files.get(0), LIQUIBASE),
				"%s\n\nOr set '%s' to false.".formatted(Dependency.advice(List.of(LIQUIBASE)),
						this.problems.key("liquibase.enabled")))
			.in(TroubleshootingSection.LIBRARY);
	}

	private void validateLocation(String location) {
		if (!new ChangelogFiles(this.classLoader).exists(location)) {
			this.problems.add(CHANGE_LOG, ShownLocation.of(location), "but there is no such file",
					"Correct '%s', or create the file.".formatted(this.problems.key(CHANGE_LOG)));
		}
	}

	private void validateFiles(@Nullable String own, List<String> files) {
		if (files.size() > 1) {
			this.problems.addOwn(CHANGE_LOG, "there are several changelogs: %s.".formatted(String.join(", ", files)),
					"Keep one of them, or name it in '%s'.".formatted(this.problems.key(CHANGE_LOG)));
		}
		else if (files.isEmpty() && own != null) {
			this.problems.addOwn(own, "'%s' is set, but there is no changelog.".formatted(this.problems.key(own)),
					"Create '%s/%s/%s.yaml' on the class path (or .yml, .xml, .json, .sql), or set '%s'.".formatted(
							ChangelogFiles.ROOT, this.problems.keys().database(), ChangelogFiles.MASTER,
							this.problems.key(CHANGE_LOG)));
		}
	}

	private void validateScripts(SqlInitSettings settings) {
		validateLogin("sql-init", "username", settings.username(), settings.password(), "SQL scripts");
		if (settings.separator().isEmpty()) {
			this.problems.add("sql-init.separator", "", "but must not be empty",
					"Write for example ';', or '^^^ END OF SCRIPT ^^^' if each script is one statement.");
		}
		List<Missing> missing = new ScriptLocations(this.problems.keys().database(), settings, this.classLoader)
			.findMissing();
		for (Missing each : missing) {
			String key = this.problems.entry("sql-init." + each.key(), each.index());
			this.problems.add(key, ShownLocation.of(each.location()), "but there is no such script",
					"Correct '%s', create the script, or write 'optional:' in front of the location if it may be missing."
						.formatted(this.problems.key(key)));
		}
	}

	private void validateLogin(String group, String usernameKey, @Nullable String username, @Nullable String password,
			String purpose) {
		if (password != null && username == null) {
			String key = group + ".password";
			this.problems.addOwn(key, "'%s' is set, but no username for %s.".formatted(this.problems.key(key), purpose),
					"Add '%s' next to it.".formatted(usernameKey));
		}
	}

}
