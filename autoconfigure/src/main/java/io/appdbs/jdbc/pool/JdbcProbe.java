package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.thread.LateAnswerException;
import io.appdbs.settings.ConnectionAdmission;
import io.appdbs.settings.ConnectionAdmission.Holder;
import io.appdbs.settings.ConnectionAdmission.Use;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * The connection that probes a database, kept between the probes. The driver limits
 * connecting and every read on it. Each probe takes the connection, because another probe
 * may begin before it has ended.
 */
public final class JdbcProbe implements Holder {

	private final DatabaseDefinition definition;

	private final FailedLogins logins;

	private volatile DatabaseConnectionDetails details;

	private volatile @Nullable Connection connection;

	/** Including connections that are in use, or are not kept. */
	private final Set<Connection> open = ConcurrentHashMap.newKeySet();

	private volatile boolean returnable;

	private volatile boolean ended;

	public JdbcProbe(DatabaseDefinition definition, DatabaseConnectionDetails details, FailedLogins logins) {
		this.definition = definition;
		this.details = details;
		this.logins = logins;
	}

	/**
	 * Opens the connection for the first time.
	 * @param timeout the time within which the server must answer
	 * @return the connection
	 * @throws SQLException if the connection cannot be opened
	 */
	public Connection open(Duration timeout) throws SQLException {
		Duration longest = this.definition.settings().pool().connectTimeoutOrDefault();
		DatabaseConnectionDetails details = this.details;
		Connection connection = connect(details, (timeout.compareTo(longest) < 0) ? timeout : null, timeout, timeout);
		keep(connection, details);
		return connection;
	}

	/**
	 * Opens a connection.
	 * @param connectTimeout within which or {@code null} for the time that the settings
	 * allow
	 * @param readTimeout within which the server must answer while it is opened
	 * @param admissionTimeout the time to wait for a permit, if the database needs one
	 */
	private Connection connect(DatabaseConnectionDetails details, @Nullable Duration connectTimeout,
			Duration readTimeout, Duration admissionTimeout) throws SQLException {
		JdbcEngine engine = this.definition.jdbcEngine();
		Map<String, String> limits = new HashMap<>(engine.getReadTimeoutProperties(readTimeout));
		if (connectTimeout != null) {
			limits.putAll(engine.getConnectTimeoutProperties(connectTimeout));
		}
		Properties properties = DriverProperties.of(this.definition, details);
		properties.putAll(limits);
		Connection connection = AdmittedConnection.open(this.definition, details, admissionTimeout, this,
				() -> JdbcConnections.logIn(this.definition, details, properties, this.logins));
		this.open.add(connection);
		if (this.ended) {
			abort(connection);
		}
		return connection;
	}

	/**
	 * Asks whether the server is read-only.
	 * @return {@code null} if that is not known
	 */
	@Nullable Boolean isReadOnly() {
		try {
			return ask((connection) -> JdbcConnections.isReadOnly(this.definition.jdbcEngine(), connection));
		}
		catch (SQLException ex) {
			return null;
		}
	}

	/**
	 * Asks the server a question, unless the connection is in use.
	 * @param <T> the type of the result
	 * @param question the question
	 * @return the answer or {@code null} if there is none
	 */
	public <T> @Nullable T ask(Question<T> question) throws SQLException {
		DatabaseConnectionDetails details = this.details;
		Connection connection = take();
		if (connection == null) {
			return null;
		}
		try {
			return question.ask(connection);
		}
		finally {
			// the next probe finds out if it is broken
			keep(connection, details);
		}
	}

	/**
	 * Connects with other credentials and, if that succeeds, uses them from now on.
	 * @param details the details with the other credentials
	 * @param timeout the time within which the server must answer
	 * @throws SQLException if the connection cannot be opened
	 */
	public void rotate(DatabaseConnectionDetails details, Duration timeout) throws SQLException {
		Connection connection = connect(details, timeout, timeout, timeout);
		this.details = details;
		this.open.remove(connection);
		close();
		this.open.add(connection);
		keep(connection, details);
	}

	private synchronized @Nullable Connection take() {
		Connection connection = this.connection;
		this.connection = null;
		return connection;
	}

	/**
	 * The start of the database still uses one that is not returnable.
	 */
	private synchronized @Nullable Connection takeReturnable() {
		return this.returnable ? take() : null;
	}

	private void keep(Connection connection, DatabaseConnectionDetails details) {
		if (!putBack(connection, details)) {
			abort(connection);
		}
	}

	private synchronized boolean putBack(Connection connection, DatabaseConnectionDetails details) {
		if (this.ended || this.connection != null || details != this.details) {
			return false;
		}
		this.connection = connection;
		if (this.returnable) {
			AdmittedConnection.expire(connection, Use.SERVICE);
		}
		return true;
	}

	/**
	 * Allows others to close the connection from now on while no probe uses it, if the
	 * database shares a limit on connections with them.
	 */
	public synchronized void setReturnable() {
		this.returnable = true;
		if (this.connection != null) {
			AdmittedConnection.expire(this.connection, Use.SERVICE);
		}
	}

	@Override
	public int getIdle() {
		return (this.returnable && this.connection != null) ? 1 : 0;
	}

	@Override
	public int getActive() {
		return 0;
	}

	@Override
	public boolean giveBack() {
		ConnectionAdmission admission = this.definition.admission();
		Connection kept = takeReturnable();
		if (kept != null && admission != null) {
			this.open.remove(kept);
			admission.getConnectExecutor().execute(() -> JdbcUtils.closeConnection(kept));
		}
		return kept != null;
	}

	@Override
	public void retire() {
		giveBack();
	}

	/**
	 * Checks that the server answers. If only the kept connection is broken, a new one
	 * decides; if the server does not answer at all, the check fails without another
	 * attempt.
	 * @param connectTimeout within which a new one must be opened or {@code null} for the
	 * time that the settings allow
	 * @param timeout within which the server must answer
	 */
	public void check(@Nullable Duration connectTimeout, Duration timeout) throws SQLException {
		DatabaseConnectionDetails details = this.details;
		Connection kept = take();
		long begin = System.nanoTime();
		if (kept != null && isValid(kept, timeout)) {
			keep(kept, details);
			return;
		}
		if (kept != null) {
			abort(kept);
			if (System.nanoTime() - begin >= timeout.toNanos()) {
				throw new SQLTimeoutException("The server did not answer within " + timeout.toMillis() + " ms",
						"08006");
			}
		}
		Connection fresh = connect(details, connectTimeout,
				(connectTimeout != null) ? connectTimeout : this.definition.settings().pool().connectTimeoutOrDefault(),
				timeout.dividedBy(2));
		if (!isValid(fresh, timeout)) {
			abort(fresh);
			LateAnswerException late = new LateAnswerException(timeout, null);
			throw new SQLTimeoutException(late.getMessage(), "08006", late);
		}
		keep(fresh, details);
	}

	private static boolean isValid(Connection connection, Duration timeout) {
		try {
			limitReads(connection, timeout);
			// the next whole second
			return connection.isValid((int) timeout.plusNanos(999_999_999).toSeconds());
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Opening the connection may have taken longer than an answer may.
	 */
	private static void limitReads(Connection connection, Duration timeout) throws SQLException {
		try {
			connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
		}
		catch (SQLFeatureNotSupportedException ex) {
			// those that it was opened with
		}
	}

	/**
	 * Closes the connection permanently, including one that a probe is opening.
	 */
	public void end() {
		this.ended = true;
		close();
	}

	/**
	 * Closes the connection without contacting the server, which may not answer. The next
	 * probe opens another one.
	 */
	public void close() {
		take();
		this.open.forEach(this::abort);
	}

	private void abort(Connection connection) {
		this.open.remove(connection);
		try {
			this.definition.jdbcEngine().abort(connection);
			AdmittedConnection.release(connection);
			if (!connection.isClosed()) {
				// not every driver can
				connection.close();
			}
		}
		catch (SQLException ex) {
			// as closed as it can be
		}
	}

	/**
	 * A question to a server.
	 *
	 * @param <T> the type of the answer
	 */
	@FunctionalInterface
	public interface Question<T> {

		@Nullable T ask(Connection connection) throws SQLException;

	}

}
