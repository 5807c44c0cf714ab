package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.List;

import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one database and holds what is open of it. Called by one thread at a time,
 * but for {@link #probe}, {@link #recover()}, {@link #rotate}, {@link #verify()} and
 * {@link #close()}.
 */
public interface DatabaseConnector extends AutoCloseable {

	/**
	 * Connect to the database, prepare it and open what its beans use. Called until it
	 * has succeeded once; the thread is interrupted when the application is closed
	 * meanwhile.
	 * @param target where to connect to
	 * @param timeout within which each connection must be opened and the server must
	 * answer; preparing may take longer
	 * @return what was connected to
	 * @throws Exception if it failed; nothing is left open then
	 */
	ConnectedServer connect(DatabaseConnectionDetails target, Duration timeout) throws Exception;

	/**
	 * Ask the server for a sign of life, on a connection that nothing else uses. Called
	 * again while a former call, which may have to connect, has not returned.
	 * @param connectTimeout within which a connection must be opened if there is none, or
	 * {@code null} for the time that the settings allow
	 * @param timeout within which the server must answer on an open connection
	 * @throws Exception if it did not, or the application could get no connection
	 */
	void probe(@Nullable Duration connectTimeout, Duration timeout) throws Exception;

	/**
	 * Return whether the application's connections work nevertheless, after a probe has
	 * failed.
	 * @param failure what the probe threw
	 * @param timeout within which that must be seen
	 * @return whether they are known to work
	 */
	boolean isWorking(Throwable failure, Duration timeout);

	/**
	 * Stop connecting until {@link #recover()}, and let nobody wait for a connection any
	 * longer, because the database is down. Called again while it stays so.
	 */
	void suspend();

	/**
	 * End what is under way on the connections, because the database has been silent for
	 * so long that no answer is to be expected.
	 */
	void abort();

	/**
	 * Forget connections that did not survive, because the database has come back, and
	 * prove that the application can get a new one.
	 * @throws Exception if it cannot
	 */
	void recover() throws Exception;

	/**
	 * Connect with other credentials from now on, if the server accepts them. Connections
	 * with the former ones are closed when nobody uses them any longer. Called by one
	 * thread at a time, after {@link #connect} has succeeded.
	 * @param target where to connect to, with the other credentials
	 * @param timeout within which the server must answer
	 * @return ends the connections that still have the former credentials; does not wait
	 * @throws Exception if the server did not accept them; nothing has changed then
	 */
	Runnable rotate(DatabaseConnectionDetails target, Duration timeout) throws Exception;

	/**
	 * Verify again what was verified before the database came up. Called by one thread at
	 * a time, after {@link #connect} has succeeded.
	 * @return what came out, empty unless overridden
	 * @throws VerificationFailedException if the application must not use the database
	 * @throws Exception if it could not be verified, which says nothing about that
	 */
	default List<PreparationReport> verify() throws Exception {
		return List.of();
	}

	/**
	 * Return the use of the pool.
	 * @return the figures or {@code null} if there is no pool, or none that can be
	 * counted
	 */
	@Nullable PoolUsage getPoolUsage();

	/**
	 * Return by how much a replica lagged behind at the last probe.
	 * @return the lag or {@code null} if it is not known, or this is no replica
	 */
	default @Nullable Duration getReplicationLag() {
		return null;
	}

	/**
	 * Returns why a replica took over no further changes at the last probe.
	 * @return the end of a sentence that begins with its name, or {@code null} if it
	 * does, that is not known, or this is no replica
	 */
	default @Nullable String getReplicationProblem() {
		return null;
	}

	/**
	 * Return whether callers get their connections from this connector, and can be kept
	 * away.
	 * @return {@code true} unless overridden
	 */
	default boolean isSuspendable() {
		return true;
	}

	/**
	 * Change how many connections the pool opens at most.
	 * @param maximum the number, at least 1
	 * @throws io.appdbs.IllegalDatabaseOperationException if the pool cannot have that
	 * size
	 */
	void setMaximumPoolSize(int maximum);

	/**
	 * Close all that is open.
	 */
	@Override
	void close() throws Exception;

}
