package io.appdbs;

import org.jspecify.annotations.Nullable;

/**
 * Usage of a connection pool.
 *
 * @param active connections in use
 * @param idle idle connections
 * @param waiting threads that wait for a connection
 * @param maximum maximum number of connections
 * @param limit how many connections may be in use now, or {@code null} if the pool does
 * not follow the load
 * @param advice the size that the pool should have, or {@code null} if it is not known
 */
public record PoolUsage(int active, int idle, int waiting, int maximum, @Nullable Integer limit,
		@Nullable PoolAdvice advice) {

	/**
	 * Creates the usage of a pool that does not follow the load.
	 * @param active connections in use
	 * @param idle idle connections
	 * @param waiting threads that wait for a connection
	 * @param maximum maximum number of connections
	 */
	public PoolUsage(int active, int idle, int waiting, int maximum) {
		this(active, idle, waiting, maximum, null, null);
	}

	/**
	 * Returns whether a thread waits because as many connections are in use as may be.
	 * @return whether the pool is exhausted
	 */
	public boolean isExhausted() {
		return this.waiting > 0 && this.active >= ((this.limit != null) ? this.limit : this.maximum);
	}

}
