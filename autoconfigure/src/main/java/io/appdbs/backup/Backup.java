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
	 * Returns whether the backup has a type.
	 * @param type the type
	 * @return whether it has the type
	 */
	public boolean hasType(String type) {
		return type.equals(this.type);
	}

}
