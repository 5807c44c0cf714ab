package io.appdbs.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The connection pool of a database. A value that is not set is {@code null}, and the
 * pool's own default applies.
 *
 * @param minSize Number of connections that the pool keeps open. By default, 'max-size'
 * with HikariCP, and 0 with the MongoDB driver.
 * @param maxSize Maximum number of connections, idle and in use. By default, 10 with
 * HikariCP, and 100 with the MongoDB driver.
 * @param acquireTimeout Maximum time that a caller waits for a connection. By default,
 * 30s with HikariCP, at least 250ms, and 2m with the MongoDB driver.
 * @param connectTimeout Maximum time for opening a connection to a host. By default 10s.
 * Not for H2.
 * @param maxLifetime Time after which a connection is replaced, or 0 for no limit. By
 * default, 30m with HikariCP, at least 30s, and no limit with the MongoDB driver.
 * @param maxIdleTime Time after which an idle connection is closed, or 0 for no limit. By
 * default, 10m with HikariCP, at least 10s, and no limit with the MongoDB driver.
 * HikariCP applies it if 'min-size' is less than 'max-size'.
 * @param keepalive Interval at which HikariCP tests idle connections, by default 2m, at
 * least 30s, or 0 for off, and the MongoDB driver its servers, by default 10s.
 * @param leakThreshold Time from which a borrowed connection is logged as a possible
 * leak, at least 2s, or 0 for off. Off by default. Relational databases only.
 * @param onSessionChange What happens to a connection whose borrower has changed session
 * state: 'replace' it, by default, or 'keep' it. Relational databases only.
 * @param adaptive Whether the number of connections in use follows the load, between
 * 'min-size', by default 2, and 'max-size'. False by default. Not for H2 and MongoDB.
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
