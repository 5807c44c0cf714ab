package io.appdbs;

/**
 * Usage of a connection pool.
 *
 * @param active connections in use
 * @param idle idle connections
 * @param waiting threads that wait for a connection
 * @param maximum maximum number of connections
 */
public record PoolUsage(int active, int idle, int waiting, int maximum) {

	/**
	 * Returns whether a thread waits because all connections are in use.
	 * @return whether the pool is exhausted
	 */
	public boolean isExhausted() {
		return this.waiting > 0 && this.active >= this.maximum;
	}

}
