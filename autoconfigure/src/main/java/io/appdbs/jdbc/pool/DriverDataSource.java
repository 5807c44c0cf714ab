package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.FailedLogins;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens the connections of a pool and remembers them, as the pool itself has no way to
 * end one that somebody holds.
 */
public final class DriverDataSource extends AbstractDataSource {

	private static final Log logger = LogFactory.getLog(DriverDataSource.class);

	private final DatabaseDefinition definition;

	private final FailedLogins logins;

	private final Runnable refresh;

	private final @Nullable RetiredConnections retired;

	private volatile DatabaseConnectionDetails target;

	private volatile boolean closed;

	/** Opened, and not yet asked for by the pool. */
	private final AtomicReference<@Nullable Connection> offered = new AtomicReference<>();

	private volatile @Nullable SQLException lastFailure;

	private final WaitingThreads waiting = new WaitingThreads();

	/** Where each was opened to, which tells with which credentials. */
	private final Map<Connection, DatabaseConnectionDetails> connections = new ConcurrentHashMap<>();

	/**
	 * Create new {@link DriverDataSource}.
	 * @param definition the database
	 * @param target where they go
	 * @param logins the logins that the server has refused
	 * @param refresh looks for newer credentials when the server refuses those in use
	 * @param rotating whether the credentials can change
	 */
	public DriverDataSource(DatabaseDefinition definition, DatabaseConnectionDetails target, FailedLogins logins,
			Runnable refresh, boolean rotating) {
		this.definition = definition;
		this.logins = logins;
		this.target = target;
		this.refresh = refresh;
		this.retired = rotating ? new RetiredConnections(definition) : null;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection offered = this.offered.getAndSet(null);
		if (offered != null && !isFormer(offered)) {
			return watch(offered);
		}
		withdraw(offered);
		try {
			Connection connection = openUnpooled();
			this.lastFailure = null;
			return watch(connection);
		}
		catch (SQLException ex) {
			this.lastFailure = ex;
			throw ex;
		}
	}

	private Connection watch(Connection connection) {
		return (this.retired != null) ? this.retired.watch(connection) : connection;
	}

	/**
	 * Open a connection and keep it until the pool asks for one.
	 * @return the connection
	 */
	Connection offer() throws SQLException {
		Connection connection = openUnpooled();
		this.lastFailure = null;
		withdraw(this.offered.getAndSet(connection));
		return connection;
	}

	/**
	 * Close a connection that the pool has not asked for.
	 */
	void withdrawOffer() throws SQLException {
		withdraw(this.offered.getAndSet(null));
	}

	private static void withdraw(@Nullable Connection offered) throws SQLException {
		if (offered != null) {
			offered.close();
		}
	}

	/**
	 * Return whether a connection is being opened.
	 */
	boolean isConnecting() {
		return !this.waiting.isEmpty();
	}

	/**
	 * Return why the last attempt of the pool to connect failed or {@code null} if it
	 * succeeded.
	 */
	@Nullable SQLException getLastFailure() {
		return this.lastFailure;
	}

	/**
	 * Open a connection that the caller closes.
	 */
	Connection openUnpooled() throws SQLException {
		DatabaseConnectionDetails target = this.target;
		Connection connection = openRefreshed(target);
		while (isFormer(connection)) {
			// rotated meanwhile: the pool has not seen it, and would keep it
			connection.close();
			connection = openRefreshed(this.target);
		}
		return connection;
	}

	private boolean isFormer(Connection connection) {
		DatabaseConnectionDetails opened = this.connections.get(connection);
		// one that has been ended meanwhile is forgotten
		return opened != null && opened != this.target;
	}

	private Connection openRefreshed(DatabaseConnectionDetails target) throws SQLException {
		try {
			return open(target, () -> DriverProperties.forApplication(this.definition, target));
		}
		catch (SQLException ex) {
			if (this.definition.engine().classify(ex).isLoginRefused()) {
				this.refresh.run();
			}
			DatabaseConnectionDetails newer = this.target;
			if (newer == target) {
				throw ex;
			}
			return open(newer, () -> DriverProperties.forApplication(this.definition, newer));
		}
	}

	@Override
	public Connection getConnection(String username, @Nullable String password) throws SQLException {
		DatabaseConnectionDetails target = this.target;
		Properties properties = DriverProperties.forApplication(this.definition, target);
		properties.setProperty("user", username);
		if (password != null) {
			properties.setProperty("password", password);
		}
		return open(target, () -> properties);
	}

	/**
	 * Connect on a thread of its own: no driver can be told to give up, and the pool does
	 * one attempt after the other.
	 */
	private Connection open(DatabaseConnectionDetails target, Supplier<Properties> properties) throws SQLException {
		Attempt attempt = new Attempt(target, properties);
		Thread thread = new Thread(attempt, "appdbs-connect-" + this.definition.name());
		thread.setDaemon(true);
		WaitingThreads.Wait wait = this.waiting.begin();
		try {
			thread.start();
			return attempt.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof SQLException failure) ? failure : new SQLException(ex.getCause());
		}
		catch (InterruptedException ex) {
			attempt.abandon();
			wait.end();
			// the pool ends its series of attempts, and begins another when it needs a
			// connection
			Thread.currentThread().interrupt();
			throw new SQLTransientConnectionException("Given up", ex);
		}
		finally {
			wait.end();
		}
	}

	/**
	 * Give up attempts to connect that may take long because they were begun while the
	 * database was down.
	 */
	void abandonAttempts() {
		this.waiting.interrupt();
	}

	DatabaseConnectionDetails getTarget() {
		return this.target;
	}

	/**
	 * Open connections to another target from now on.
	 * @return the former one
	 */
	DatabaseConnectionDetails rotate(DatabaseConnectionDetails target) {
		DatabaseConnectionDetails former = this.target;
		this.target = target;
		return former;
	}

	/**
	 * Return whether there are connections to a target, which is told from an equal one:
	 * credentials may come back.
	 */
	boolean isInUse(DatabaseConnectionDetails target) {
		this.connections.keySet().removeIf(DriverDataSource::isClosed);
		return this.connections.values().stream().anyMatch((each) -> each == target);
	}

	private void opened(Connection connection, DatabaseConnectionDetails target) {
		this.connections.keySet().removeIf(DriverDataSource::isClosed);
		this.connections.put(connection, target);
		if (this.closed) {
			beginAbort(connection);
		}
	}

	private static boolean isClosed(Connection connection) {
		try {
			return connection.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	/**
	 * End all connections and whatever waits for an answer on them. Does not wait: a
	 * driver may try to tell the server.
	 */
	void abort() {
		this.connections.keySet().forEach(this::beginAbort);
	}

	/**
	 * End all connections, also those to come: the pool does not wait, when it is closed,
	 * for one that is being opened.
	 */
	void close() {
		this.closed = true;
		abort();
	}

	/**
	 * End all connections to a target, likewise.
	 */
	void abort(DatabaseConnectionDetails target) {
		this.connections.forEach((connection, each) -> {
			if (each == target) {
				if (this.retired != null) {
					this.retired.add(connection);
				}
				beginAbort(connection);
			}
		});
	}

	private void beginAbort(Connection connection) {
		Thread thread = new Thread(() -> abort(connection), "appdbs-abort-" + this.definition.name());
		thread.setDaemon(true);
		thread.start();
	}

	private void abort(Connection connection) {
		try {
			this.definition.jdbcEngine().abort(connection);
		}
		catch (SQLException ex) {
			logger.debug("A connection of database '%s' could not be aborted".formatted(this.definition.name()), ex);
		}
		this.connections.remove(connection);
	}

	/**
	 * The properties of the driver have the limit.
	 */
	@Override
	public void setLoginTimeout(int timeout) {
	}

	/**
	 * The seconds that a pool waits, when it is closed, for what opens connections. With
	 * none it says every time that it has waited in vain.
	 */
	@Override
	public int getLoginTimeout() {
		return 1;
	}

	@Override
	public String toString() {
		return this.target.address();
	}

	/**
	 * One attempt to connect. A connection that comes too late is closed.
	 */
	private final class Attempt extends FutureTask<Connection> {

		private final DatabaseConnectionDetails target;

		Attempt(DatabaseConnectionDetails target, Supplier<Properties> properties) {
			super(() -> JdbcConnections.logIn(DriverDataSource.this.definition, target, properties.get(),
					DriverDataSource.this.logins));
			this.target = target;
		}

		@Override
		protected void set(Connection connection) {
			opened(connection, this.target);
			super.set(connection);
			if (isCancelled()) {
				abort(connection);
			}
		}

		void abandon() {
			// does not interrupt: a driver need not be able to bear it
			if (!cancel(false)) {
				try {
					abort(get());
				}
				catch (Exception ex) {
					// it failed, which is as good
				}
			}
		}

	}

}
