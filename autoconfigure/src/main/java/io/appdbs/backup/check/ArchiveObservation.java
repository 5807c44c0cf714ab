package io.appdbs.backup.check;

import java.time.Duration;
import java.time.Instant;

import io.appdbs.backup.ArchiveStatus;
import io.appdbs.engine.archive.ArchiverReading;
import org.jspecify.annotations.Nullable;

/**
 * Derives from successive readings for how long a server has been writing to its log
 * without archiving it. A server that does not write has nothing to archive, however long
 * ago it archived last. Used by one thread at a time.
 */
final class ArchiveObservation {

	private @Nullable ArchiverReading former;

	/** Since when the server has been writing without archiving. */
	private @Nullable Instant since;

	ArchiveStatus add(ArchiverReading reading) {
		this.since = findBegin(reading);
		this.former = reading;
		return new ArchiveStatus(reading.lastArchived(),
				(this.since != null) ? Duration.between(this.since, reading.time()) : null, reading.isFailing());
	}

	/**
	 * Returns since when the server has been writing, or the time of its last archiving
	 * if that is later.
	 */
	private @Nullable Instant findBegin(ArchiverReading reading) {
		ArchiverReading former = this.former;
		boolean writing = former != null && former.position() != reading.position();
		if (!writing && !reading.waiting()) {
			return null;
		}
		Instant begin = this.since;
		if (begin == null) {
			begin = (former != null) ? former.time() : reading.lastArchived();
		}
		if (begin == null) {
			return reading.time();
		}
		Instant archived = reading.lastArchived();
		return (archived != null && archived.isAfter(begin)) ? archived : begin;
	}

}
