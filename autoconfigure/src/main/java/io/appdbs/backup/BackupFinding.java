package io.appdbs.backup;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the backups of a database.
 *
 * @param kind the kind: {@code late}, {@code never}, {@code unknown}, {@code failed},
 * {@code problem}, {@code future}, {@code restore-failed}, {@code restore-unknown},
 * {@code archive-failing}, {@code archive-late} or {@code archive-unknown}
 * @param message what is wrong, in sentences
 * @param detail what a tool, a bean or the server said, or {@code null}
 * @param fix what to do, in sentences
 */
public record BackupFinding(String kind, String message, @Nullable String detail, String fix) {

	/**
	 * Returns whether this is the same finding as another one. A tool may say the same in
	 * different words each time.
	 * @param other the other finding
	 * @return whether they differ in {@code detail} at most
	 */
	public boolean isSameAs(BackupFinding other) {
		return this.kind.equals(other.kind) && this.message.equals(other.message);
	}

	/**
	 * Returns the message, the detail and the fix.
	 */
	@Override
	public String toString() {
		return this.message + ((this.detail != null) ? " It says: '%s'.".formatted(this.detail) : "") + " " + this.fix;
	}

}
