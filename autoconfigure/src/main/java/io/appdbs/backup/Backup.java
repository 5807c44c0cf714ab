package io.appdbs.backup;

import java.time.Instant;

/**
 * A backup that succeeded.
 *
 * @param type the type, such as {@code full}, {@code diff} or {@code incr}
 * @param finished when it ended
 */
public record Backup(String type, Instant finished) {

	/** The type of a backup from which a database can be restored without another one. */
	public static final String FULL = "full";

	/**
	 * Returns whether the database can be restored from this backup alone.
	 * @return whether the type is {@code full}
	 */
	public boolean isFull() {
		return FULL.equals(this.type);
	}

}
