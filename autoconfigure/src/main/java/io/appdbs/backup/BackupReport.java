package io.appdbs.backup;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link BackupReporter} reports about the backups of a database.
 *
 * @param last the last backup that succeeded, or {@code null} if there is no backup
 * @param lastFull when the last full backup ended, or {@code null} if there is none or
 * that is unknown
 * @param verified the last verified restore, or {@code null} if there is none or that is
 * unknown
 * @param problems what is wrong with the backups, each in a sentence. They are shown to
 * operators and must not contain secrets.
 */
public record BackupReport(@Nullable Backup last, @Nullable Instant lastFull, @Nullable RestoreVerification verified,
		List<String> problems) {

	public BackupReport {
		problems = List.copyOf(problems);
	}

	/**
	 * Returns the report about a backup without problems.
	 * @param last the last backup that succeeded
	 * @return a report, which knows the last full backup if the type is {@code full}
	 */
	public static BackupReport of(Backup last) {
		return new BackupReport(last, last.hasType(Backup.FULL) ? last.finished() : null, null, List.of());
	}

	/**
	 * Returns the report that there is no backup. If that is unknown, a reporter throws
	 * an exception instead.
	 * @return a report without backups
	 */
	public static BackupReport never() {
		return new BackupReport(null, null, null, List.of());
	}

}
