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

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.FailedLogins;
import io.appdbs.lifecycle.LateAnswerException;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The connection that probes a database, kept between the probes. The driver bounds
 * connecting and every read on it. A probe has the connection for itself, as another one
 * may begin before it has ended.
 */
public final class JdbcProbe {

	private final DatabaseDefinition definition;

	private final FailedLogins logins;

	private volatile DatabaseConnectionDetails target;

	private volatile @Nullable Connection connection;

	/** Also those that are in use, or not to be kept. */
	private final Set<Connection> open = ConcurrentHashMap.newKeySet();

	private volatile boolean ended;

	public JdbcProbe(DatabaseDefinition definition, DatabaseConnectionDetails target, FailedLogins logins) {
		this.definition = definition;
		this.target = target;
		this.logins = logins;
	}

	/**
	 * Open the connection for the first time.
	 * @param timeout within which the server must answer
	 * @return the open
	 */
	public Connection open(Duration timeout) throws SQLException {
		Duration longest = this.definition.settings().pool().connectTimeoutOrDefault();
		DatabaseConnectionDetails target = this.target;
		Connection connection = connect(target, (timeout.compareTo(longest) < 0) ? timeout : null, timeout);
		keep(connection, target);
		return connection;
	}

	/**
	 * Open a connection.
	 * @param connectTimeout within which or {@code null} for the time that the settings
	 * allow
	 * @param readTimeout within which the server must answer while it is opened
	 */
	private Connection connect(DatabaseConnectionDetails target, @Nullable Duration connectTimeout,
			Duration readTimeout) throws SQLException {
		JdbcEngine engine = this.definition.jdbcEngine();
		Map<String, String> limits = new HashMap<>(engine.getReadTimeoutProperties(readTimeout));
		if (connectTimeout != null) {
			limits.putAll(engine.getConnectTimeoutProperties(connectTimeout));
		}
		Properties properties = DriverProperties.of(this.definition, target);
		properties.putAll(limits);
		Connection connection = JdbcConnections.logIn(this.definition, target, properties, this.logins);
		this.open.add(connection);
		if (this.ended) {
			abort(connection);
		}
		return connection;
	}

	/**
	 * Ask whether the server takes no writes.
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
	 * Ask the server something, unless the connection is in use.
	 * @param <T> the type of the result
	 * @param question the question
	 * @return the answer or {@code null} if there is none
	 */
	public <T> @Nullable T ask(Question<T> question) throws SQLException {
		DatabaseConnectionDetails target = this.target;
		Connection connection = take();
		if (connection == null) {
			return null;
		}
		try {
			return question.ask(connection);
		}
		finally {
			// the next probe finds out if it is broken
			keep(connection, target);
		}
	}

	/**
	 * Connect with other credentials from now on, if that succeeds.
	 * @param target the target
	 * @param timeout the timeout
	 */
	public void rotate(DatabaseConnectionDetails target, Duration timeout) throws SQLException {
		Connection connection = connect(target, timeout, timeout);
		this.target = target;
		this.open.remove(connection);
		close();
		this.open.add(connection);
		keep(connection, target);
	}

	private synchronized @Nullable Connection take() {
		Connection connection = this.connection;
		this.connection = null;
		return connection;
	}

	private void keep(Connection connection, DatabaseConnectionDetails target) {
		if (!putBack(connection, target)) {
			abort(connection);
		}
	}

	private synchronized boolean putBack(Connection connection, DatabaseConnectionDetails target) {
		if (this.ended || this.connection != null || target != this.target) {
			return false;
		}
		this.connection = connection;
		return true;
	}

	/**
	 * Check that the server answers. A kept connection that breaks may be the only thing
	 * that is broken, so a new one decides; a server that says nothing at all has had its
	 * time.
	 * @param connectTimeout within which a new one must be opened or {@code null} for the
	 * time that the settings allow
	 * @param timeout within which the server must answer
	 */
	public void check(@Nullable Duration connectTimeout, Duration timeout) throws SQLException {
		DatabaseConnectionDetails target = this.target;
		Connection kept = take();
		long begin = System.nanoTime();
		if (kept != null && isValid(kept, timeout)) {
			keep(kept, target);
			return;
		}
		if (kept != null) {
			abort(kept);
			if (System.nanoTime() - begin >= timeout.toNanos()) {
				throw silent(timeout);
			}
		}
		Connection fresh = connect(target, connectTimeout, (connectTimeout != null) ? connectTimeout
				: this.definition.settings().pool().connectTimeoutOrDefault());
		if (!isValid(fresh, timeout)) {
			abort(fresh);
			LateAnswerException late = new LateAnswerException(timeout, null);
			throw new SQLTimeoutException(late.getMessage(), "08006", late);
		}
		keep(fresh, target);
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

	private static SQLException silent(Duration timeout) {
		return new SQLTimeoutException("The server did not answer within " + timeout.toMillis() + " ms", "08006");
	}

	/**
	 * Close the connection for good, also one that is being opened by a probe under way.
	 */
	public void end() {
		this.ended = true;
		close();
	}

	/**
	 * Close the connection without asking the server, which may not answer. The next
	 * probe opens another.
	 */
	public void close() {
		take();
		this.open.forEach(this::abort);
	}

	private void abort(Connection connection) {
		this.open.remove(connection);
		try {
			this.definition.jdbcEngine().abort(connection);
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
	 * What to ask a server.
	 *
	 * @param <T> the type of the answer
	 */
	@FunctionalInterface
	public interface Question<T> {

		@Nullable T ask(Connection connection) throws SQLException;

	}

}
