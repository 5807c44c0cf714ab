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
 * 'min-size' and 'max-size'. Not for MongoDB.
 */
public record PoolSettings(@Nullable Integer minSize, @Nullable Integer maxSize, @Nullable Duration acquireTimeout,
		@Nullable Duration connectTimeout, @Nullable Duration maxLifetime, @Nullable Duration maxIdleTime,
		@Nullable Duration keepalive, @Nullable Duration leakThreshold, @Nullable OnSessionChange onSessionChange,
		@Nullable Boolean adaptive) {

	/**
	 * Some drivers would wait indefinitely for a server that accepts a connection and
	 * does not respond.
	 */
	private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * Returns the time that opening a connection may take.
	 * @return {@code connectTimeout} or, if it is not set, 10 seconds
	 */
	public Duration connectTimeoutOrDefault() {
		return (this.connectTimeout != null) ? this.connectTimeout : DEFAULT_CONNECT_TIMEOUT;
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
