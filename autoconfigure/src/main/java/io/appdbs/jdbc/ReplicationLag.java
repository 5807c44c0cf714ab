package io.appdbs.jdbc;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Tells by how much each replica of a database lags behind: for how long the database has
 * had a change that the replica lacks. Both sides are asked for their positions, so that
 * neither a clock nor a replica that is cut off, and believes itself to be up to date,
 * can deceive. Safe for use by several threads.
 */
final class ReplicationLag {

	private static final int MAX_SAMPLES = 4096;

	private final LongSupplier nanoTime;

	/** When the database was first seen to have got to a position. */
	private final NavigableMap<Long, Long> samples = new TreeMap<>();

	private final Map<String, Duration> lags = new ConcurrentHashMap<>();

	private long latest;

	ReplicationLag() {
		this(System::nanoTime);
	}

	ReplicationLag(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Take note of how far the database has got.
	 * @param position the position or {@code null} if the server does not tell
	 */
	synchronized void databaseAt(@Nullable Long position) {
		if (position == null) {
			return;
		}
		// another server stands for the database now, and its positions are others
		this.samples.tailMap(position, false).clear();
		this.latest = this.nanoTime.getAsLong();
		this.samples.putIfAbsent(position, this.latest);
		if (this.samples.size() > MAX_SAMPLES) {
			this.samples.pollFirstEntry();
		}
	}

	/**
	 * Take note of how far a replica has got.
	 * @param replica the name of the replica
	 * @param position the position or {@code null} if the server does not tell
	 */
	synchronized void replicaAt(String replica, @Nullable Long position) {
		if (position == null || this.samples.isEmpty()) {
			this.lags.remove(replica);
			return;
		}
		Map.Entry<Long, Long> missing = this.samples.higherEntry(position);
		// as long as the database is down, nothing is written that could be lacking
		this.lags.put(replica, (missing != null) ? Duration.ofNanos(this.latest - missing.getValue()) : Duration.ZERO);
	}

	/**
	 * Return by how much a replica lagged behind when it was last asked.
	 * @return the lag or {@code null} if it is not known
	 */
	@Nullable Duration get(String replica) {
		return this.lags.get(replica);
	}

}
