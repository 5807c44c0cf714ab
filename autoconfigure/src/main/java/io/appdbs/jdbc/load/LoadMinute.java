package io.appdbs.jdbc.load;

/**
 * The load of a pool within a minute.
 *
 * @param inUse how many connections were in use, on average
 * @param waiting how many callers waited because all connections were in use, on average
 * @param peak the highest number of connections that were in use
 * @param borrows the borrowed connections
 * @param waits how many callers waited, those that timed out included
 * @param waitNanos how long they waited together
 * @param timeouts how many callers timed out
 */
record LoadMinute(double inUse, double waiting, int peak, long borrows, long waits, long waitNanos, long timeouts) {

	/**
	 * Returns how many connections would have been in use if nobody had waited.
	 */
	double demand() {
		return this.inUse + this.waiting;
	}

	/**
	 * Returns the share of callers that waited.
	 */
	double waitShare() {
		long callers = this.borrows + this.timeouts;
		return (callers > 0) ? (double) this.waits / callers : 0;
	}

	long meanWaitMillis() {
		return (this.waits > 0) ? Math.round(this.waitNanos / 1e6 / this.waits) : 0;
	}

}
