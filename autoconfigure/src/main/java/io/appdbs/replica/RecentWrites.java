package io.appdbs.replica;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Who has written to a database lately, and so must not read from where the write may not
 * have arrived yet. Safe for use by several threads.
 */
final class RecentWrites {

	private static final int CLEANING_SIZE = 256;

	private final long sticky;

	private final Supplier<Object> writer;

	private final LongSupplier nanoTime;

	private final Map<Object, Write> writes = new ConcurrentHashMap<>();

	/**
	 * Create new {@link RecentWrites}.
	 * @param sticky the time after a write for which it is recent
	 * @param writer tells who writes, or reads
	 * @param nanoTime the time in nanoseconds
	 */
	RecentWrites(Duration sticky, Supplier<Object> writer, LongSupplier nanoTime) {
		this.sticky = sticky.toNanos();
		this.writer = writer;
		this.nanoTime = nanoTime;
	}

	/**
	 * Take note that somebody may write from now on.
	 * @return who it is
	 */
	Object begin() {
		Object writer = this.writer.get();
		long now = this.nanoTime.getAsLong();
		if (this.writes.size() > CLEANING_SIZE) {
			this.writes.forEach((each, write) -> {
				if (!write.isRecent(now)) {
					this.writes.remove(each, write);
				}
			});
		}
		this.writes.compute(writer,
				(key, write) -> (write != null) ? new Write(write.underWay() + 1, write.until()) : new Write(1, now));
		return writer;
	}

	/**
	 * Take note that the writing has ended.
	 * @param writer who it was
	 */
	void end(Object writer) {
		long until = this.nanoTime.getAsLong() + this.sticky;
		this.writes.computeIfPresent(writer, (key, write) -> new Write(write.underWay() - 1, until));
	}

	/**
	 * Return whether whoever asks has a write under way, or had one lately.
	 */
	boolean isRecent() {
		if (this.writes.isEmpty()) {
			return false;
		}
		Write write = this.writes.get(this.writer.get());
		return write != null && write.isRecent(this.nanoTime.getAsLong());
	}

	/**
	 * The writes of one writer.
	 *
	 * @param underWay how many are under way
	 * @param until until when the last one that has ended is recent
	 */
	private record Write(int underWay, long until) {

		boolean isRecent(long now) {
			return this.underWay > 0 || now - this.until < 0;
		}

	}

}
