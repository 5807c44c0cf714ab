package io.appdbs.bean;

import java.util.List;

import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.migration.ChangelogFiles;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.NearestName;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Determines which databases get a Liquibase: those with a changelog at the default
 * location, or with any key below {@code liquibase}.
 */
public final class ChangelogDatabases {

	private static final String LIQUIBASE = "liquibase.integration.spring.SpringLiquibase";

	private static final Log logger = LogFactory.getLog(ChangelogDatabases.class);

	private final MigratedDatabases.Keys keys;

	private final boolean liquibasePresent;

	private final ChangelogFiles files;

	public ChangelogDatabases(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.keys = new MigratedDatabases.Keys(environment, "liquibase", "change-log");
		this.liquibasePresent = ClassUtils.isPresent(LIQUIBASE, beanFactory.getBeanClassLoader());
		this.files = new ChangelogFiles(beanFactory.getBeanClassLoader());
	}

	public boolean contains(DeclaredDatabase database) {
		return findReason(database) != null;
	}

	private @Nullable String findReason(DeclaredDatabase database) {
		if (!this.liquibasePresent || !database.isRelational() || !this.keys.isEnabled(database.name())) {
			return null;
		}
		String key = this.keys.find(database.name());
		if (key != null) {
			return key + " is set";
		}
		return this.files.find(database.name())
			.stream()
			.findFirst()
			.map((path) -> "the changelog '%s' exists".formatted(path))
			.orElse(null);
	}

	/**
	 * Rejects databases that Flyway migrates as well.
	 * @param databases the databases
	 * @param migrated the databases that Flyway migrates
	 */
	public void rejectMigratedByFlyway(List<DeclaredDatabase> databases, MigratedDatabases migrated) {
		ConfigurationProblems problems = new ConfigurationProblems();
		for (DeclaredDatabase database : databases) {
			String liquibase = findReason(database);
			String flyway = (liquibase != null) ? migrated.findReason(database) : null;
			if (flyway != null) {
				String name = database.name();
				problems.add(name, DatabaseDefinition.key(name, "liquibase"), null,
						"Flyway and Liquibase would both migrate it: Flyway because %s, and Liquibase because %s."
							.formatted(flyway, liquibase),
						"Keep one of them: remove the keys and files of the other one, or set '%s' or '%s' to false."
							.formatted(DatabaseDefinition.key(name, "flyway.enabled"),
									DatabaseDefinition.key(name, "liquibase.enabled")));
			}
		}
		problems.throwIfAny();
	}

	/**
	 * Logs a warning for changelogs that Liquibase does not execute, for example because
	 * the name of their folder is misspelt. Others can include a changelog, so only names
	 * that are similar to that of a database are reported.
	 * @param names the names of all databases
	 */
	public void warnUnused(List<String> names) {
		if (!this.liquibasePresent) {
			return;
		}
		for (String folder : this.files.findFolders()) {
			String database = names.contains(folder) ? null : NearestName.find(folder, names);
			if (database != null && !isReferredTo(folder + "/", names)) {
				logger.warn("Liquibase does not execute the changelog in '%s/%s': no database has the name '%2$s'. %s"
					.formatted(ChangelogFiles.ROOT, folder, KnownKeys.suggest(folder, "databases", names)));
			}
		}
		for (String path : this.files.findShared()) {
			if (!isReferredTo(path, names)) {
				logger.warn(
						"Liquibase does not execute '%s'. Move it to '%s/<name>', where <name> is the name of the database. Known databases: %s."
							.formatted(path, ChangelogFiles.ROOT, String.join(", ", names)));
			}
		}
	}

	private boolean isReferredTo(String path, List<String> names) {
		return names.stream()
			.map((name) -> this.keys.locate(name, "change-log"))
			.anyMatch((location) -> location != null && location.contains(path));
	}

}
