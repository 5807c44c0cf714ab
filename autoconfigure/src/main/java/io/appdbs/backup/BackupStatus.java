package io.appdbs.backup;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is known about the backups of a database.
 *
 * @param checkedAt when they were checked
 * @param state whether it is known if there is a backup, or {@code null} if
 * {@code backup.report} is not set
 * @param last the last backup that succeeded, or {@code null}; see {@code state}
 * @param lastFull when the last full backup ended, or {@code null} if there is none or
 * that is unknown
 * @param archive the state of archiving, or {@code null} if the server does not archive
 * or that is unknown
 * @param verified the last verified restore, or {@code null} if there is none or that is
 * unknown
 * @param findings what is wrong
 */
public record BackupStatus(Instant checkedAt, @Nullable State state, @Nullable Backup last, @Nullable Instant lastFull,
		@Nullable ArchiveStatus archive, @Nullable RestoreVerification verified, List<BackupFinding> findings) {

	public BackupStatus {
		findings = List.copyOf(findings);
	}

	/**
	 * What is known.
	 */
	public enum State {

		/** There is a backup. */
		KNOWN,

		/** There is no backup. */
		NEVER,

		/** It is not known whether there is a backup. */
		UNKNOWN

	}

}
