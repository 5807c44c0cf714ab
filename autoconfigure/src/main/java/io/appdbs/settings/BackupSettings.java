package io.appdbs.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Observation of the backups of a database, which other tools make.
 *
 * @param report Where the application learns about backups.
 * @param stanza Stanza of pgBackRest. The name of the database by default.
 * @param file File with the report of the last backup, in JSON.
 * @param maxAge Maximum age of the last successful backup.
 * @param maxArchiveLag Maximum time for which PostgreSQL may write without archiving.
 * @param checkInterval Interval at which backups are observed.
 */
public record BackupSettings(@Nullable Report report, @Nullable String stanza, @Nullable String file,
		@Nullable Duration maxAge, @Nullable Duration maxArchiveLag, @DefaultValue("5m") Duration checkInterval) {

	/** Nothing is observed. */
	static final BackupSettings NONE = new BackupSettings(null, null, null, null, null, Duration.ofMinutes(5));

	/**
	 * Where an application learns about backups.
	 */
	public enum Report {

		/**
		 * The command 'pgbackrest info'.
		 */
		PGBACKREST,

		/**
		 * A file that the backup or the verified restore writes.
		 */
		FILE,

		/**
		 * A bean of the application under the qualifier of the database.
		 */
		BEAN

	}

}
