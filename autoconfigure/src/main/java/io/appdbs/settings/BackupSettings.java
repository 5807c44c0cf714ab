package io.appdbs.settings;

import java.time.Duration;

import io.appdbs.engine.Engine;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Observation of the backups of a database, which other tools make.
 *
 * @param report Where the application learns about backups: from the command
 * 'pgbackrest', for PostgreSQL only, from a 'file', or from a 'bean'. Not observed by
 * default.
 * @param stanza Stanza of pgBackRest. By default, the name of the database. PostgreSQL
 * only.
 * @param file File with the report of the last backup and of verified restores, in JSON.
 * @param maxAge Maximum age of the last successful backup. No limit by default.
 * @param maxArchiveLag Maximum time for which the server may write without archiving. No
 * limit by default. PostgreSQL only.
 * @param checkInterval Interval at which backups and archiving are observed.
 */
public record BackupSettings(@Nullable Report report, @Nullable String stanza, @Nullable String file,
		@Nullable Duration maxAge, @Nullable Duration maxArchiveLag, @DefaultValue("5m") Duration checkInterval) {

	/**
	 * Returns the settings of a database whose backups are not observed.
	 * @return the settings
	 */
	static BackupSettings none() {
		return new BackupSettings(null, null, null, null, null, Duration.ofMinutes(5));
	}

	/**
	 * Returns where an application learns about the backups of a database.
	 * @param engine the engine of the database
	 * @return the source, or {@code null} if there is none; a default that asks
	 * pgBackRest is for PostgreSQL
	 */
	public @Nullable Report reportFor(Engine engine) {
		return (this.report == Report.PGBACKREST && engine.getArchiver() == null) ? null : this.report;
	}

	/**
	 * Returns the settings that are not secret, in case the file is a URL by mistake.
	 */
	@Override
	public String toString() {
		return "BackupSettings[report=" + this.report + ", maxAge=" + this.maxAge + ", maxArchiveLag="
				+ this.maxArchiveLag + ", checkInterval=" + this.checkInterval + "]";
	}

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
