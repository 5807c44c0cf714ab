package io.appdbs.backup.check;

import java.util.List;

import io.appdbs.backup.BackupFinding;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Creates findings about the backups of a database.
 *
 * @param definition the database
 */
record BackupFindings(DatabaseDefinition definition) {

	private static final int MAX_DETAIL = 300;

	String key(String setting) {
		return this.definition.key("backup." + setting);
	}

	/**
	 * Returns a finding about the database.
	 * @param kind the kind
	 * @param message what is wrong, after "Backups of database '…'"
	 * @param detail what somebody else said
	 * @param fix what to do
	 */
	BackupFinding of(String kind, String message, @Nullable String detail, String fix) {
		return new BackupFinding(kind, "Backups of database '%s' %s".formatted(this.definition.name(), message),
				shorten(detail), fix);
	}

	BackupFinding unknown(String message, @Nullable String detail, String fix) {
		return of("unknown", "are unknown: " + message, detail, fix);
	}

	BackupFinding problem(String message) {
		return of("problem", "have a problem.", message, "Look at the log of the tool that makes the backups.");
	}

	/**
	 * A tool may write pages.
	 */
	private static @Nullable String shorten(@Nullable String detail) {
		List<String> lines = (detail != null)
				? detail.lines().map(String::strip).filter((line) -> !line.isEmpty()).toList() : List.of();
		if (lines.isEmpty()) {
			return null;
		}
		String text = String.join(" ", lines);
		return (text.length() > MAX_DETAIL) ? text.substring(0, MAX_DETAIL) + "…" : text;
	}

}
