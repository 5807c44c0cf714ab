package io.appdbs.actuate.page;

import java.time.Instant;

import io.appdbs.actuate.BackupDescriptor;
import io.appdbs.actuate.BackupDescriptor.LastBackup;
import io.appdbs.backup.ArchiveStatus;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.backup.RestoreVerification;
import org.jspecify.annotations.Nullable;

/**
 * Section about backups.
 */
final class BackupSection {

	private BackupSection() {
	}

	static void write(HtmlWriter html, DatabaseView database, PageFormat format) {
		BackupDescriptor backup = database.descriptor().backup();
		if (backup == null) {
			return;
		}
		PageSection.open(html, "backup", "Backups");
		html.open("dl");
		if (backup.state() != null) {
			writeLast(html, backup, format);
		}
		ArchiveStatus archive = backup.archive();
		if (archive != null) {
			writeTime(html, "Log archived", archive.last(), archive.failing() ? "; archiving fails" : "", format);
		}
		RestoreVerification verified = backup.verified();
		if (verified != null) {
			writeTime(html, "Verified restore", verified.at(), verified.ok() ? "" : "; it failed", format);
		}
		writeTime(html, "Checked", backup.checkedAt(), "", format);
		html.close("dl");
		writeFindings(html, backup);
		html.close("section");
	}

	private static void writeLast(HtmlWriter html, BackupDescriptor backup, PageFormat format) {
		LastBackup last = backup.last();
		if (last != null) {
			writeTime(html, "Last backup", last.finished(), ", " + last.type(), format);
			writeTime(html, "Last full backup", backup.lastFull(), "", format);
		}
		else {
			PageSection.term(html, "Last backup", (backup.state() == State.NEVER) ? "never" : "unknown");
		}
	}

	private static void writeTime(HtmlWriter html, String term, @Nullable Instant time, String addition,
			PageFormat format) {
		html.open("div").element("dt", term).open("dd");
		if (time != null) {
			format.writeSince(html, time);
		}
		else {
			html.text("unknown");
		}
		html.text(addition).close("dd").close("div");
	}

	private static void writeFindings(HtmlWriter html, BackupDescriptor backup) {
		if (backup.findings().isEmpty()) {
			return;
		}
		html.open("ul", "class", "findings");
		for (BackupFinding finding : backup.findings()) {
			ReportSections.writeFinding(html, "WARN", finding.kind(), finding.toString(), null);
		}
		html.close("ul");
	}

}
