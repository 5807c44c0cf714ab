package io.appdbs.replica;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Remembers who has recently written to a database and must therefore not read from a
 * replica that may lack the change. Thread-safe.
 */
final class RecentWrites {

	private static final int CLEANING_SIZE = 256;

	private final long sticky;

	private final Supplier<Object> writer;

	private final LongSupplier nanoTime;

	private final Map<Object, Write> writes = new ConcurrentHashMap<>();

	/**
	 * Creates new {@link RecentWrites}.
	 * @param sticky the time after a write for which it is recent
	 * @param writer returns who writes, or reads
	 * @param nanoTime the time in nanoseconds
	 */
	RecentWrites(Duration sticky, Supplier<Object> writer, LongSupplier nanoTime) {
		this.sticky = sticky.toNanos();
		this.writer = writer;
		this.nanoTime = nanoTime;
	}

	/**
	 * Registers that the current writer may write from now on.
	 * @return the writer
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
	 * Registers that the write has ended.
	 * @param writer the writer
	 */
	void end(Object writer) {
		long until = this.nanoTime.getAsLong() + this.sticky;
		this.writes.computeIfPresent(writer, (key, write) -> new Write(write.underWay() - 1, until));
	}

	/**
	 * Returns whether the current writer has a write under way, or had one recently.
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
