package io.appdbs.engine.archive;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * State of the continuous archiving at a time. All times are of the server's clock.
 *
 * @param time the present time
 * @param position the number of bytes that have been written to the log
 * @param waiting whether a complete segment of the log has not been archived
 * @param lastArchived when a segment was archived last, or {@code null} if none has been
 * since the statistics began
 * @param lastFailed when archiving failed last, or {@code null} if it has not failed
 * since the statistics began
 */
public record ArchiverReading(Instant time, long position, boolean waiting, @Nullable Instant lastArchived,
		@Nullable Instant lastFailed) {

	/**
	 * Returns whether the last attempt failed. The numbers of attempts do not matter: the
	 * first segments often fail while archiving is set up.
	 * @return whether no segment has been archived since the last failure
	 */
	public boolean isFailing() {
		return this.lastFailed != null && (this.lastArchived == null || this.lastFailed.isAfter(this.lastArchived));
	}

}
