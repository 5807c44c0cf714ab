package io.appdbs.jdbc.pool;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.proxy.JdbcProxy;
import io.appdbs.settings.ConnectionAdmission;
import io.appdbs.settings.ConnectionAdmission.Holder;
import io.appdbs.settings.ConnectionAdmission.Permit;
import io.appdbs.settings.ConnectionAdmission.Request;
import io.appdbs.settings.ConnectionAdmission.Use;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the driver that gives its permit back when it is closed or aborted.
 * Only for databases that share a limit on connections with others.
 */
final class AdmittedConnection extends JdbcProxy {

	private final Connection delegate;

	private final Permit permit;

	private AdmittedConnection(Connection delegate, Permit permit) {
		this.delegate = delegate;
		this.permit = permit;
	}

	/**
	 * Opens a connection outside of the pool.
	 * @param definition the database
	 * @param details where the connection goes
	 * @param timeout the longest time to wait for the permit
	 * @param opener opens the connection
	 */
	static Connection open(DatabaseDefinition definition, DatabaseConnectionDetails details, Duration timeout,
			Opener opener) throws SQLException {
		return open(definition, details, timeout, null, opener);
	}

	/**
	 * Opens a connection outside of the pool.
	 * @param holder who can give it back, or {@code null} if nobody can before it is
	 * closed
	 */
	static Connection open(DatabaseDefinition definition, DatabaseConnectionDetails details, Duration timeout,
			@Nullable Holder holder, Opener opener) throws SQLException {
		if (definition.admission() == null) {
			return opener.open();
		}
		try {
			return open(acquire(definition, details, Use.SERVICE, holder, timeout, () -> true), opener);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLTransientConnectionException("Interrupted while waiting to connect", ex);
		}
	}

	/**
	 * Waits for a permit.
	 * @return the permit or {@code null} if the database needs none
	 */
	static @Nullable Permit acquire(DatabaseDefinition definition, DatabaseConnectionDetails details, Use use,
			@Nullable Holder holder, Duration timeout, BooleanSupplier needed)
			throws SQLException, InterruptedException {
		ConnectionAdmission admission = definition.admission();
		return (admission != null) ? admission.acquire(new Request(use, String.join(",", details.hosts()), holder,
				timeout, definition.settings().pool().connectTimeoutOrDefault(), needed)) : null;
	}

	/**
	 * Opens a connection.
	 * @param permit the permit, which is released if this fails, or {@code null} if none
	 * is needed
	 */
	static Connection open(@Nullable Permit permit, Opener opener) throws SQLException {
		if (permit == null) {
			return opener.open();
		}
		boolean opened = false;
		try {
			Connection connection = opener.open();
			permit.opened(() -> JdbcConnections.isClosed(connection));
			opened = true;
			return (Connection) new AdmittedConnection(connection, permit)
				.createProxy(publicInterfaces(connection, Connection.class));
		}
		finally {
			if (!opened) {
				permit.release();
			}
		}
	}

	/**
	 * Marks a connection as one that can be given back as soon as others need it.
	 */
	static void expire(Connection connection, Use use) {
		AdmittedConnection admitted = find(connection);
		if (admitted != null) {
			admitted.permit.expire(use);
		}
	}

	/**
	 * Releases the permit of a connection that an engine has aborted in its own way.
	 */
	static void release(Connection connection) {
		AdmittedConnection admitted = find(connection);
		if (admitted != null) {
			admitted.permit.release();
		}
	}

	private static @Nullable AdmittedConnection find(Connection connection) {
		return (Proxy.isProxyClass(connection.getClass())
				&& Proxy.getInvocationHandler(connection) instanceof AdmittedConnection admitted) ? admitted : null;
	}

	@Override
	protected @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		switch (method.getName()) {
			case "close", "abort" -> {
				try {
					return invoke(method, this.delegate, args);
				}
				finally {
					this.permit.release();
				}
			}
			case "isClosed", "toString" -> {
				return invoke(method, this.delegate, args);
			}
			default -> {
				this.permit.used();
				return invoke(method, this.delegate, args);
			}
		}
	}

	/**
	 * Opens a connection.
	 */
	@FunctionalInterface
	interface Opener {

		Connection open() throws SQLException;

	}

}
