package io.appdbs.backup.check;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.appdbs.backup.ArchiveStatus;
import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.backup.RestoreVerification;
import io.appdbs.settings.BackupSettings;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is wrong with backups. The messages have times instead of ages, so that they
 * stay the same until something changes.
 *
 * @param findings creates findings
 * @param settings what is required
 */
record BackupEvaluation(BackupFindings findings, BackupSettings settings) {

	/** By how much the clocks of two hosts may differ. */
	private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

	private static final String CLOCK_FIX = "Correct the clock of the host that makes backups, or the one of the application.";

	/**
	 * Evaluates what a source said, in addition to its own findings.
	 */
	List<BackupFinding> evaluate(BackupReading reading, Instant now) {
		List<BackupFinding> found = new ArrayList<>(reading.findings());
		if (reading.state() == State.NEVER) {
			found.add(
					this.findings.of("never", "do not exist.", null, "Make a full backup, and schedule further ones."));
		}
		Backup last = reading.last();
		if (last != null) {
			evaluate(last, now, found);
		}
		RestoreVerification verified = reading.verified();
		if (verified != null) {
			evaluate(verified, now, found);
		}
		return found;
	}

	private void evaluate(Backup last, Instant now, List<BackupFinding> found) {
		Duration maxAge = this.settings.maxAge();
		if (last.finished().isAfter(now.plus(CLOCK_TOLERANCE))) {
			found.add(this.findings.of("future",
					"cannot be judged: the last one (%s) ended at %s, which is in the future.".formatted(last.type(),
							last.finished()),
					null, CLOCK_FIX));
		}
		else if (maxAge != null && last.finished().plus(maxAge).isBefore(now)) {
			found.add(this.findings.of("late",
					"are late: the last one (%s) ended at %s, and '%s' is '%s'.".formatted(last.type(), last.finished(),
							this.findings.key("max-age"), text(maxAge)),
					null, "Look at the schedule and the log of the tool that makes the backups."));
		}
	}

	private void evaluate(RestoreVerification verified, Instant now, List<BackupFinding> found) {
		String of = (verified.of() != null) ? " of '%s'".formatted(verified.of()) : "";
		if (verified.at().isAfter(now.plus(CLOCK_TOLERANCE))) {
			found.add(this.findings.of("future",
					"cannot be judged: the last verified restore%s ended at %s, which is in the future.".formatted(of,
							verified.at()),
					null, CLOCK_FIX));
		}
		if (!verified.ok()) {
			found.add(this.findings.of("restore-failed",
					"cannot be relied on: the verified restore%s at %s failed.".formatted(of, verified.at()), null,
					"Look at the log of the verified restore, and make a new backup."));
		}
	}

	/**
	 * Evaluates the archiving of the server.
	 * @param archive its state or {@code null} if the server does not archive
	 */
	List<BackupFinding> evaluate(@Nullable ArchiveStatus archive) {
		Duration maxLag = this.settings.maxArchiveLag();
		if (archive == null) {
			return (maxLag != null) ? List.of(notArchived(maxLag)) : List.of();
		}
		String since = (archive.last() != null) ? "since %s".formatted(archive.last()) : "yet";
		if (archive.failing()) {
			return List.of(this.findings.of("archive-failing",
					"do not reach the present: archiving fails, and the server has not archived its log %s."
						.formatted(since),
					null,
					"Look at the log of the server. It keeps its log until archiving succeeds, which fills its disk."));
		}
		if (maxLag != null && archive.lag() != null && archive.lag().compareTo(maxLag) > 0) {
			return List.of(this.findings.of("archive-late",
					"do not reach the present: the server writes, but has not archived its log %s, and '%s' is '%s'."
						.formatted(since, this.findings.key("max-archive-lag"), text(maxLag)),
					null,
					"Let 'archive_timeout' of the server be shorter, or find out what delays 'archive_command'."));
		}
		return List.of();
	}

	private BackupFinding notArchived(Duration maxLag) {
		return this.findings.of("archive-unknown",
				"do not reach the present: '%s' is '%s', but the server does not archive its log."
					.formatted(this.findings.key("max-archive-lag"), text(maxLag)),
				null, "Set 'archive_mode' and 'archive_command' of the server, or remove the key.");
	}

	BackupFinding unreadableArchive(String detail) {
		return this.findings.of("archive-unknown", "may not reach the present: the archiving of the server is unknown.",
				detail,
				"Correct what the server says, or remove '%s'.".formatted(this.findings.key("max-archive-lag")));
	}

	private static String text(Duration duration) {
		return duration.toString().substring(2).toLowerCase(Locale.ROOT);
	}

}
