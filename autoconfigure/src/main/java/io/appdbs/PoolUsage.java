package io.appdbs;

/**
 * The figures of a connection pool at one moment.
 *
 * @param active connections in use
 * @param idle connections that nobody uses
 * @param waiting threads that wait for a connection
 * @param maximum connections that the pool opens at most
 */
public record PoolUsage(int active, int idle, int waiting, int maximum) {

	/**
	 * Return whether somebody waits because all connections are in use.
	 * @return whether the pool is exhausted
	 */
	public boolean isExhausted() {
		return this.waiting > 0 && this.active >= this.maximum;
	}

}
