package io.appdbs.config;

import java.util.List;
import java.util.Map;

import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.migration.ChangelogFiles;
import io.appdbs.settings.LiquibaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Validates the settings under {@code liquibase}.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 * @param parameters the validator of driver parameters
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record LiquibaseValidator(SettingProblems problems, LiquibaseSettings settings, Engine engine,
		DriverParameterValidator parameters, @Nullable ClassLoader classLoader) {

	private static final String GROUP = "liquibase";

	private static final String COORDINATES = "org.liquibase:liquibase-core";

	private static final String CHANGE_LOG = "liquibase.change-log";

	void validate() {
		String own = this.problems.findOwn(GROUP);
		if (this.engine.getKind() != DatabaseKind.RELATIONAL) {
			if (own != null) {
				this.problems.addOwn(own, "'%s' has no effect: Liquibase does not migrate %s."
					.formatted(this.problems.key(own), this.engine.getDisplayName()), "Remove it.");
			}
			return;
		}
		List<String> files = new ChangelogFiles(this.classLoader).find(this.problems.keys().database());
		if (!this.settings.enabled() || (own == null && this.settings.changeLog() == null && files.isEmpty())) {
			return;
		}
		if (!ClassUtils.isPresent("liquibase.integration.spring.SpringLiquibase", this.classLoader)) {
			addMissing(own, files);
			return;
		}
		validateChangeLog(own, files);
		if (this.settings.url() != null) {
			this.parameters.validateMigrationUrl(this.problems, "liquibase.url", this.settings.url(), this.engine,
					Map.of());
		}
		if (this.settings.password() != null && this.settings.user() == null) {
			this.problems.addOwn("liquibase.password",
					"'%s' is set, but no username for migrations.".formatted(this.problems.key("liquibase.password")),
					"Add 'user' next to it.");
		}
	}

	private void addMissing(@Nullable String own, List<String> files) {
		String key = (own != null) ? own : CHANGE_LOG;
		if (own != null || this.problems.place(CHANGE_LOG) != null) {
			this.problems.addOwn(key,
					"'%s' needs '%s', which is not on the class path.".formatted(this.problems.key(key), COORDINATES),
					Dependency.advice(List.of(COORDINATES)));
			return;
		}
		this.problems.addOwn("liquibase.enabled",
				"the changelog '%s' needs '%s', which is not on the class path.".formatted(files.get(0), COORDINATES),
				"%s\n\nOr set '%s' to false.".formatted(Dependency.advice(List.of(COORDINATES)),
						this.problems.key("liquibase.enabled")));
	}

	private void validateChangeLog(@Nullable String own, List<String> files) {
		String location = this.settings.changeLog();
		if (location != null) {
			if (!new ChangelogFiles(this.classLoader).exists(location)) {
				this.problems.add(CHANGE_LOG, location, "but there is no such file",
						"Correct '%s', or create the file.".formatted(this.problems.key(CHANGE_LOG)));
			}
		}
		else if (files.size() > 1) {
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

}
