package io.appdbs.settings;

import java.io.File;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.url.ShownLocation;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Options of Liquibase for a database, with the keys of {@code spring.liquibase}. An
 * option that is not set and has no default is {@code null}, and Liquibase's default
 * applies.
 *
 * @param changeLog Location of the changelog. By default, 'db.changelog-master' in the
 * folder 'classpath:/db/changelog/' that has the name of the database.
 * @param clearChecksums Whether to clear all checksums in the history, so that they are
 * calculated again.
 * @param contexts Contexts whose change sets are executed. All by default.
 * @param defaultSchema Schema of the database objects.
 * @param liquibaseSchema Schema of Liquibase's tables.
 * @param liquibaseTablespace Tablespace of Liquibase's tables.
 * @param databaseChangeLogTable Table with the history of the change sets.
 * @param databaseChangeLogLockTable Table with the lock that lets only one instance
 * migrate.
 * @param dropFirst Whether to drop the schema first.
 * @param enabled Whether to migrate the database with Liquibase.
 * @param user Login username for migrations. By default, that of the database.
 * @param password Login password for migrations.
 * @param url URL for migrations. By default, that of the database.
 * @param labelFilter Labels whose change sets are executed. All by default.
 * @param parameters Parameters of the changelog and their values.
 * @param rollbackFile File to which the SQL that rolls back the change sets is written.
 * None by default.
 * @param testRollbackOnUpdate Whether to test the rollback of the change sets before
 * executing them.
 * @param tag Tag up to which to migrate, or with which the rollback file is created.
 * @param showSummary Summary of the change sets that were executed and skipped. By
 * default, that of Liquibase.
 * @param showSummaryOutput Where the summary is written. By default, that of Liquibase.
 * @param uiService Where messages for users are written. By default, to the logger.
 * @param analyticsEnabled Whether Liquibase sends usage data to its vendor. By default,
 * Liquibase decides.
 * @param licenseKey License key of Liquibase.
 */
public record LiquibaseSettings(@Nullable String changeLog, boolean clearChecksums, @DefaultValue List<String> contexts,
		@Nullable String defaultSchema, @Nullable String liquibaseSchema, @Nullable String liquibaseTablespace,
		@DefaultValue("DATABASECHANGELOG") String databaseChangeLogTable,
		@DefaultValue("DATABASECHANGELOGLOCK") String databaseChangeLogLockTable, boolean dropFirst,
		@DefaultValue("true") boolean enabled, @Nullable String user, @Nullable String password, @Nullable String url,
		@DefaultValue List<String> labelFilter, @DefaultValue Map<String, String> parameters,
		@Nullable File rollbackFile, boolean testRollbackOnUpdate, @Nullable String tag,
		@Nullable ShowSummary showSummary, @Nullable ShowSummaryOutput showSummaryOutput, @Nullable UiService uiService,
		@Nullable Boolean analyticsEnabled, @Nullable String licenseKey) {

	public LiquibaseSettings {
		contexts = List.copyOf(contexts);
		user = (user != null && !user.isEmpty()) ? user : null;
		password = (password != null && !password.isEmpty()) ? password : null;
		labelFilter = List.copyOf(labelFilter);
		parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
	}

	/**
	 * Returns the settings that are not secret.
	 */
	@Override
	public String toString() {
		return "LiquibaseSettings[changeLog=" + ((this.changeLog != null) ? ShownLocation.of(this.changeLog) : null)
				+ ", enabled=" + this.enabled + "]";
	}

	/**
	 * Summary of the change sets.
	 */
	public enum ShowSummary {

		/**
		 * No summary.
		 */
		OFF,

		/**
		 * The number of change sets.
		 */
		SUMMARY,

		/**
		 * The number of change sets, and each that is skipped.
		 */
		VERBOSE

	}

	/**
	 * Where the summary is written.
	 */
	public enum ShowSummaryOutput {

		/**
		 * The log.
		 */
		LOG,

		/**
		 * The console.
		 */
		CONSOLE,

		/**
		 * The log and the console.
		 */
		ALL

	}

	/**
	 * Where messages for users are written.
	 */
	public enum UiService {

		/**
		 * The console.
		 */
		CONSOLE,

		/**
		 * The log.
		 */
		LOGGER

	}

}
