package io.appdbs.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The connection pool of a database. A value that is not set is {@code null}, and the
 * pool's own default applies.
 *
 * @param minSize Number of connections that the pool keeps open.
 * @param maxSize Maximum number of connections, idle and in use.
 * @param acquireTimeout Time that a caller waits for a connection.
 * @param connectTimeout Time that opening a connection to a host may take.
 * @param maxLifetime Time after which a connection is replaced.
 * @param maxIdleTime Time after which an idle connection is closed.
 * @param keepalive Interval at which idle connections are kept alive. For MongoDB, the
 * interval at which the driver checks its servers.
 * @param leakThreshold Time that a connection can be borrowed before a possible leak is
 * logged. Not for MongoDB, whose driver uses a connection for one operation.
 * @param onSessionChange What happens to a connection whose borrower has changed the
 * session of the server. 'replace' by default. Not for MongoDB.
 * @param adaptive Whether the number of connections in use follows the load, between
 * 'min-size', 2 if it is not set, and 'max-size'. Not for H2 and MongoDB.
 */
public record PoolSettings(@Nullable Integer minSize, @Nullable Integer maxSize, @Nullable Duration acquireTimeout,
		@Nullable Duration connectTimeout, @Nullable Duration maxLifetime, @Nullable Duration maxIdleTime,
		@Nullable Duration keepalive, @Nullable Duration leakThreshold, @Nullable OnSessionChange onSessionChange,
		@Nullable Boolean adaptive) {

	/**
	 * Returns the time that opening a connection may take. Without a limit, some drivers
	 * would wait indefinitely for a server that accepts a connection and does not
	 * respond.
	 * @return {@code connectTimeout} or, if it is not set, 10 seconds
	 */
	public Duration connectTimeoutOrDefault() {
		return (this.connectTimeout != null) ? this.connectTimeout : Duration.ofSeconds(10);
	}

	/**
	 * Returns whether the number of connections in use follows the load.
	 * @return {@code adaptive}, which is off by default
	 */
	public boolean isAdaptive() {
		return Boolean.TRUE.equals(this.adaptive);
	}

	/**
	 * Returns the lowest number of connections in use that an adaptive pool allows.
	 * @return {@code minSize}, at least 1 or, if it is not set, 2
	 */
	public int lowestLimit() {
		return (this.minSize != null) ? Math.max(1, this.minSize) : 2;
	}

	/**
	 * Returns the smallest maximum size with which these settings are valid.
	 * @return {@code minSize}, at least 8 for an adaptive pool and 1 for others
	 */
	public int smallestMaximum() {
		int smallest = isAdaptive() ? smallestAdaptiveSize() : 1;
		return (this.minSize != null) ? Math.max(smallest, this.minSize) : smallest;
	}

	/**
	 * Returns the smallest maximum size of an adaptive pool. The number of fewer
	 * connections would leave nothing to learn.
	 * @return the number of connections
	 */
	public static int smallestAdaptiveSize() {
		return 8;
	}

	/**
	 * Returns these settings, with missing values taken from others.
	 * @param others the others
	 * @return a copy
	 */
	PoolSettings orElse(PoolSettings others) {
		return new PoolSettings(first(this.minSize, others.minSize), first(this.maxSize, others.maxSize),
				first(this.acquireTimeout, others.acquireTimeout), first(this.connectTimeout, others.connectTimeout),
				first(this.maxLifetime, others.maxLifetime), first(this.maxIdleTime, others.maxIdleTime),
				first(this.keepalive, others.keepalive), first(this.leakThreshold, others.leakThreshold),
				first(this.onSessionChange, others.onSessionChange), first(this.adaptive, others.adaptive));
	}

	private static <T> @Nullable T first(@Nullable T value, @Nullable T other) {
		return (value != null) ? value : other;
	}

	/**
	 * What happens to a connection whose borrower has changed the session of the server.
	 */
	public enum OnSessionChange {

		/**
		 * The connection is replaced before it is borrowed again.
		 */
		REPLACE,

		/**
		 * The next borrower gets the connection unchanged.
		 */
		KEEP

	}

}
