package io.appdbs.backup.check;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.backup.RestoreVerification;
import org.jspecify.annotations.Nullable;

/**
 * What a source said about the backups.
 *
 * @param state whether it is known if there is a backup, {@code null} if the source was
 * not asked for them
 * @param last the last backup or {@code null}
 * @param lastFull when the last full backup ended or {@code null}
 * @param verified the last verified restore or {@code null}
 * @param findings what is wrong
 */
record BackupReading(@Nullable State state, @Nullable Backup last, @Nullable Instant lastFull,
		@Nullable RestoreVerification verified, List<BackupFinding> findings) {

	/** No source was asked. */
	static final BackupReading NONE = new BackupReading(null, null, null, null, List.of());

	BackupReading {
		findings = List.copyOf(findings);
	}

	static BackupReading unknown(BackupFinding finding) {
		return new BackupReading(State.UNKNOWN, null, null, null, List.of(finding));
	}

	/**
	 * Adds what another source said about verified restores. The later one counts.
	 */
	BackupReading withVerification(@Nullable RestoreVerification other, List<BackupFinding> further) {
		RestoreVerification verified = (this.verified == null
				|| (other != null && other.at().isAfter(this.verified.at()))) ? other : this.verified;
		List<BackupFinding> all = new ArrayList<>(this.findings);
		all.addAll(further);
		return new BackupReading(this.state, this.last, this.lastFull, verified, all);
	}

}
