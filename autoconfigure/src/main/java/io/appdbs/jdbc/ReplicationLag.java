package io.appdbs.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.appdbs.engine.replication.ReplicationPosition;
import org.jspecify.annotations.Nullable;

/**
 * Computes by how much each replica of a database lags behind: for how long the database
 * has had a change that the replica lacks. Both sides are asked for their positions, so
 * that neither clock differences nor a disconnected replica that reports to be up to date
 * cause wrong results. Thread-safe.
 */
final class ReplicationLag {

	private static final int MAX_SAMPLES = 4096;

	private final LongSupplier nanoTime;

	/** The positions of the database, each of which contains those before it. */
	private final Deque<Sample> samples = new ArrayDeque<>();

	private final Map<String, Duration> lags = new ConcurrentHashMap<>();

	private long latest;

	ReplicationLag() {
		this(System::nanoTime);
	}

	ReplicationLag(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Records which changes the database has.
	 * @param position the position or {@code null} if the server does not report it
	 */
	synchronized void databaseAt(@Nullable ReplicationPosition position) {
		if (position == null) {
			return;
		}
		// another server stands for the database now, and lacks changes of the former
		while (!this.samples.isEmpty() && !position.contains(this.samples.getLast().position())) {
			this.samples.removeLast();
		}
		this.latest = this.nanoTime.getAsLong();
		if (this.samples.isEmpty() || !this.samples.getLast().position().contains(position)) {
			this.samples.addLast(new Sample(position, this.latest));
		}
		if (this.samples.size() > MAX_SAMPLES) {
			this.samples.removeFirst();
		}
	}

	/**
	 * Records which changes a replica has taken over.
	 * @param replica the name of the replica
	 * @param position the position or {@code null} if the server does not report it
	 */
	synchronized void replicaAt(String replica, @Nullable ReplicationPosition position) {
		if (position == null || this.samples.isEmpty()) {
			this.lags.remove(replica);
			return;
		}
		// as long as the database is down, nothing is written that could be lacking
		long missingSince = this.latest;
		for (Iterator<Sample> newest = this.samples.descendingIterator(); newest.hasNext();) {
			Sample sample = newest.next();
			if (position.contains(sample.position())) {
				break;
			}
			missingSince = sample.nanos();
		}
		this.lags.put(replica, Duration.ofNanos(this.latest - missingSince));
	}

	/**
	 * Returns by how much a replica lagged behind when it was last asked.
	 * @return the lag or {@code null} if it is not known
	 */
	@Nullable Duration get(String replica) {
		return this.lags.get(replica);
	}

	/**
	 * A position of the database.
	 *
	 * @param position the position
	 * @param nanos when the database was first seen there
	 */
	private record Sample(ReplicationPosition position, long nanos) {

	}

}
