package io.appdbs.engine.partition;

import java.time.LocalDateTime;

import org.jspecify.annotations.Nullable;

/**
 * A partition of a table.
 *
 * @param name the name, as SQL writes it
 * @param from the first time in UTC of its rows, or {@code null} if there is no limit
 * @param to the time in UTC before which its rows are, or {@code null} if there is no
 * limit
 * @param detaching whether it is being detached and has no rows of the table any more
 */
public record Partition(String name, @Nullable LocalDateTime from, @Nullable LocalDateTime to, boolean detaching) {

	/**
	 * Returns whether rows of a time are in this partition.
	 * @param time the time in UTC
	 * @return whether it has them
	 */
	public boolean contains(LocalDateTime time) {
		return !this.detaching && (this.from == null || !time.isBefore(this.from))
				&& (this.to == null || time.isBefore(this.to));
	}

	/**
	 * Returns the name and the limits.
	 */
	@Override
	public String toString() {
		return "%s from %s to %s".formatted(this.name, (this.from != null) ? this.from : "MINVALUE",
				(this.to != null) ? this.to : "MAXVALUE");
	}

}
