package io.appdbs.jdbc.load;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * A connection that occupies a place until it is closed or aborted.
 */
final class LimitedConnection extends JdbcProxy {

	private final Connection delegate;

	private final AdaptiveLimit limit;

	private final int borrowers;

	private final long since = System.nanoTime();

	private final AtomicBoolean released = new AtomicBoolean();

	private volatile boolean used;

	/**
	 * Creates a new {@link LimitedConnection}.
	 * @param delegate the connection of the pool
	 * @param limit the limit that has admitted the borrower
	 * @param borrowers the number of borrowers, this one included
	 */
	LimitedConnection(Connection delegate, AdaptiveLimit limit, int borrowers) {
		this.delegate = delegate;
		this.limit = limit;
		this.borrowers = borrowers;
	}

	@Override
	protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		switch (method.getName()) {
			case "close", "abort" -> {
				try {
					return invoke(method, this.delegate, args);
				}
				finally {
					release();
				}
			}
			case "isWrapperFor" -> {
				Class<?> type = (Class<?>) Objects.requireNonNull(args[0]);
				return type.isInstance(proxy) || type.isInstance(this.delegate) || this.delegate.isWrapperFor(type);
			}
			case "unwrap" -> {
				Class<?> type = (Class<?>) Objects.requireNonNull(args[0]);
				return unwrap(proxy, type);
			}
			case "createStatement", "prepareStatement", "prepareCall" -> this.used = true;
			default -> {
			}
		}
		return invoke(method, this.delegate, args);
	}

	private Object unwrap(Object proxy, Class<?> type) throws SQLException {
		if (type.isInstance(proxy)) {
			return proxy;
		}
		return type.isInstance(this.delegate) ? this.delegate : this.delegate.unwrap(type);
	}

	/**
	 * Releases the place if the connection was closed in another way, for example through
	 * {@code Statement.getConnection()}, or because it was broken.
	 */
	void releaseIfClosed() {
		if (JdbcConnections.isClosed(this.delegate)) {
			release();
		}
	}

	private void release() {
		if (this.released.compareAndSet(false, true)) {
			this.limit.release(this);
		}
	}

	/**
	 * Returns the {@link System#nanoTime()} since which the connection is borrowed.
	 */
	long getSince() {
		return this.since;
	}

	int getBorrowers() {
		return this.borrowers;
	}

	/**
	 * Returns whether a statement was created: if not, the time for which the connection
	 * was held says nothing about the server.
	 */
	boolean isUsed() {
		return this.used;
	}

}
