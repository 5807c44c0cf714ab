package io.appdbs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

import io.appdbs.backup.ArchiveStatus;
import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus;
import io.appdbs.backup.RestoreVerification;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the backups of a database. Unknown values are {@code null}.
 *
 * @param checkedAt when they were checked
 * @param state {@code KNOWN}, {@code NEVER} or {@code UNKNOWN}, {@code null} if only the
 * server's archiving is observed
 * @param last the last backup that succeeded
 * @param lastFull when the last full backup ended
 * @param archive the state of archiving
 * @param verified the last verified restore
 * @param findings what is wrong, words of tools sanitized
 */
public record BackupDescriptor(Instant checkedAt, BackupStatus.@Nullable State state, @Nullable LastBackup last,
		@Nullable Instant lastFull, @Nullable ArchiveStatus archive, @Nullable RestoreVerification verified,
		List<BackupFinding> findings) {

	static BackupDescriptor of(BackupStatus status, Instant now, UnaryOperator<@Nullable String> sanitizer) {
		Backup last = status.last();
		return new BackupDescriptor(status.checkedAt(), status.state(),
				(last != null) ? new LastBackup(last.type(), last.finished(), age(last.finished(), now)) : null,
				status.lastFull(), status.archive(), status.verified(),
				status.findings()
					.stream()
					.map((finding) -> new BackupFinding(finding.kind(), finding.message(),
							(finding.detail() != null) ? sanitizer.apply(finding.detail()) : null, finding.fix()))
					.toList());
	}

	/**
	 * Returns the age, {@code null} for a time in the future.
	 */
	private static @Nullable Duration age(Instant time, Instant now) {
		return !time.isAfter(now) ? Duration.ofSeconds(Duration.between(time, now).toSeconds()) : null;
	}

	/**
	 * The last backup.
	 *
	 * @param type the type
	 * @param finished when it ended
	 * @param age how long ago that is, {@code null} if it is in the future
	 */
	public record LastBackup(String type, Instant finished, @Nullable Duration age) {

	}

}
