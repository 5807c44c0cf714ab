package io.appdbs.jdbc.pool;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.budget.ConnectionBudgetException;
import io.appdbs.settings.ConnectionAdmission;
import io.appdbs.settings.ConnectionAdmission.Permit;
import io.appdbs.settings.ConnectionAdmission.Use;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens the connections of a pool with the driver, and remembers them.
 */
public final class DriverDataSource extends AbstractDataSource {

	private final DatabaseDefinition definition;

	private final FailedLogins logins;

	private final Runnable refresh;

	private final @Nullable RetiredConnections retired;

	private final OpenConnections openConnections;

	private final WaitingThreads waiting = new WaitingThreads();

	/** An open connection that the pool has not asked for yet. */
	private final AtomicReference<@Nullable Connection> offered = new AtomicReference<>();

	private volatile DatabaseConnectionDetails details;

	private volatile @Nullable SQLException lastFailure;

	private volatile @Nullable IdleConnections idle;

	/**
	 * Creates a new {@link DriverDataSource}.
	 * @param definition the database
	 * @param details where the connections go
	 * @param logins the logins that the server has rejected
	 * @param refresh looks for newer credentials if the server rejects the current ones
	 * @param rotating whether the credentials can change
	 */
	public DriverDataSource(DatabaseDefinition definition, DatabaseConnectionDetails details, FailedLogins logins,
			Runnable refresh, boolean rotating) {
		this.definition = definition;
		this.logins = logins;
		this.details = details;
		this.refresh = refresh;
		this.retired = rotating ? new RetiredConnections(definition) : null;
		this.openConnections = new OpenConnections(definition, this.retired);
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection offered = this.offered.getAndSet(null);
		if (offered != null && !isRotatedSince(offered)) {
			return wrap(offered);
		}
		withdraw(offered);
		try {
			Connection connection = openUnpooled(Use.POOL);
			this.lastFailure = null;
			return wrap(connection);
		}
		catch (ConnectionBudgetException ex) {
			// has not tried to connect
			throw ex;
		}
		catch (SQLException ex) {
			this.lastFailure = ex;
			throw ex;
		}
	}

	private Connection wrap(Connection connection) {
		return (this.retired != null) ? this.retired.wrap(connection) : connection;
	}

	/**
	 * Opens a connection and keeps it until the pool asks for one.
	 * @return the connection
	 */
	Connection offer() throws SQLException {
		Connection connection = openUnpooled(Use.SERVICE);
		this.lastFailure = null;
		withdraw(this.offered.getAndSet(connection));
		return connection;
	}

	/**
	 * Closes an offered connection that the pool has not asked for.
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
	 * Returns whether a connection is being opened.
	 */
	boolean isConnecting() {
		return !this.waiting.isEmpty();
	}

	/**
	 * Returns why the last attempt of the pool to connect failed, or {@code null} if it
	 * succeeded.
	 */
	@Nullable SQLException getLastFailure() {
		return this.lastFailure;
	}

	/**
	 * Sets the idle connections of the pool, if its database shares a limit with others.
	 */
	void setIdleConnections(IdleConnections idle) {
		this.idle = idle;
	}

	/**
	 * Opens a connection that the caller must close.
	 */
	Connection openUnpooled(Use use) throws SQLException {
		DatabaseConnectionDetails details = this.details;
		Connection connection = openRefreshed(details, use);
		while (isRotatedSince(connection)) {
			// credentials were rotated meanwhile: the pool would not evict this
			// connection
			connection.close();
			connection = openRefreshed(this.details, use);
		}
		return connection;
	}

	private boolean isRotatedSince(Connection connection) {
		return this.openConnections.isOpenedWithOther(connection, this.details);
	}

	private Connection openRefreshed(DatabaseConnectionDetails details, Use use) throws SQLException {
		try {
			return open(details, use, () -> DriverProperties.forApplication(this.definition, details));
		}
		catch (SQLException ex) {
			if (this.definition.engine().classify(ex).isLoginRefused()) {
				this.refresh.run();
			}
			DatabaseConnectionDetails newer = this.details;
			if (newer == details) {
				throw ex;
			}
			return open(newer, use, () -> DriverProperties.forApplication(this.definition, newer));
		}
	}

	@Override
	public Connection getConnection(String username, @Nullable String password) throws SQLException {
		DatabaseConnectionDetails details = this.details;
		Properties properties = DriverProperties.forApplication(this.definition, details);
		properties.setProperty("user", username);
		if (password != null) {
			properties.setProperty("password", password);
		}
		return open(details, Use.POOL, () -> properties);
	}

	/**
	 * Connects on a separate thread, because drivers cannot cancel an attempt, and the
	 * pool runs one attempt after the other.
	 */
	private Connection open(DatabaseConnectionDetails details, Use use, Supplier<Properties> properties)
			throws SQLException {
		Attempt attempt = null;
		WaitingThreads.Wait wait = this.waiting.begin();
		try {
			attempt = new Attempt(details, properties, acquire(details, use));
			start(attempt);
			return attempt.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof SQLException failure) ? failure : new SQLException(ex.getCause());
		}
		catch (InterruptedException ex) {
			if (attempt != null) {
				attempt.abandon();
			}
			wait.end();
			// the pool ends its series of attempts, and starts another one when it needs
			// a connection
			Thread.currentThread().interrupt();
			throw new SQLTransientConnectionException("The attempt to connect was abandoned",
					new SocketTimeoutException("The attempt to connect was abandoned"));
		}
		finally {
			wait.end();
		}
	}

	private @Nullable Permit acquire(DatabaseConnectionDetails details, Use use)
			throws SQLException, InterruptedException {
		IdleConnections idle = this.idle;
		return AdmittedConnection.acquire(this.definition, details, use, idle,
				this.definition.settings().acquireTimeoutOrDefault(),
				() -> use == Use.SERVICE || idle == null || idle.isNeeded());
	}

	private void start(Attempt attempt) throws SQLException {
		ConnectionAdmission admission = this.definition.admission();
		if (admission != null) {
			attempt.execute(admission.getConnectExecutor());
			return;
		}
		Thread thread = new Thread(attempt, "appdbs-connect-" + this.definition.name());
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Abandons attempts to connect, which may take long if they began while the database
	 * was down.
	 */
	void abandonAttempts() {
		this.waiting.interrupt();
	}

	DatabaseConnectionDetails getDetails() {
		return this.details;
	}

	OpenConnections getOpenConnections() {
		return this.openConnections;
	}

	/**
	 * Sets the details of new connections.
	 * @return the former details
	 */
	synchronized DatabaseConnectionDetails rotate(DatabaseConnectionDetails details) {
		DatabaseConnectionDetails former = this.details;
		this.details = details;
		return former;
	}

	/**
	 * Treats connections that are being opened as outdated: they differ in what the
	 * details do not contain.
	 * @return equal details, which identify the new connections
	 */
	synchronized DatabaseConnectionDetails renew() {
		DatabaseConnectionDetails former = this.details;
		DatabaseConnectionDetails details = former.withCredentials(former.username(), former.password());
		this.details = details;
		return details;
	}

	/**
	 * Does nothing: the limit is among the properties of the driver.
	 */
	@Override
	public void setLoginTimeout(int timeout) {
	}

	/**
	 * Returns how many seconds a pool that is closed waits for its threads that open
	 * connections. With 0, it logs a warning each time.
	 */
	@Override
	public int getLoginTimeout() {
		return 1;
	}

	@Override
	public String toString() {
		return this.details.address();
	}

	/**
	 * One attempt to connect. A connection that is opened too late is closed.
	 */
	private final class Attempt extends FutureTask<Connection> {

		private final DatabaseConnectionDetails details;

		private final @Nullable Permit permit;

		Attempt(DatabaseConnectionDetails details, Supplier<Properties> properties, @Nullable Permit permit) {
			super(() -> AdmittedConnection.open(permit, () -> JdbcConnections.logIn(DriverDataSource.this.definition,
					details, properties.get(), DriverDataSource.this.logins)));
			this.details = details;
			this.permit = permit;
		}

		@Override
		public void run() {
			super.run();
			if (isCancelled() && this.permit != null) {
				// has not been run or has been aborted
				this.permit.release();
			}
		}

		@Override
		protected void set(Connection connection) {
			DriverDataSource.this.openConnections.add(connection, this.details);
			super.set(connection);
			if (isCancelled()) {
				DriverDataSource.this.openConnections.abort(connection);
			}
		}

		void execute(Executor executor) throws SQLException {
			try {
				executor.execute(this);
			}
			catch (RejectedExecutionException ex) {
				cancel(false);
				run();
				throw new SQLTransientConnectionException("The application is being closed", ex);
			}
		}

		void abandon() {
			// without interrupting: not every driver supports that
			if (!cancel(false)) {
				try {
					DriverDataSource.this.openConnections.abort(get());
				}
				catch (Exception ex) {
					// the attempt failed: there is nothing to close
				}
			}
		}

	}

}
