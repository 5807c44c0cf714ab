package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseCluster;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one database and holds its connections. Called by one thread at a time,
 * except for {@link #probe}, {@link #recover()}, {@link #rotate}, {@link #verify()} and
 * {@link #close()}.
 */
public interface DatabaseConnector extends AutoCloseable {

	/**
	 * Connects to the database, prepares it and opens the connections of its beans.
	 * Called until it has succeeded once; the thread is interrupted when the application
	 * is closed.
	 * @param details where to connect to
	 * @param timeout the time limit for opening each connection and for an answer of the
	 * server; preparing may take longer
	 * @return the server
	 * @throws Exception if it failed; nothing is left open then
	 */
	ConnectedServer connect(DatabaseConnectionDetails details, Duration timeout) throws Exception;

	/**
	 * Checks that the server answers, on a connection that nothing else uses. Called
	 * again while an earlier call, which may have to connect, has not returned.
	 * @param connectTimeout the time limit for opening a connection if there is none, or
	 * {@code null} for that of the settings
	 * @param timeout the time limit for an answer on an open connection
	 * @throws Exception if it did not answer, or the application could not get a
	 * connection
	 */
	void probe(@Nullable Duration connectTimeout, Duration timeout) throws Exception;

	/**
	 * Returns whether the application's connections work although a probe has failed.
	 * @param failure the exception of the probe
	 * @param timeout the time limit for finding out
	 * @return whether they are known to work
	 */
	boolean isWorking(Throwable failure, Duration timeout);

	/**
	 * Stops connecting until {@link #recover()} and fails callers that wait for a
	 * connection, because the database is down. May be called again while it is down.
	 * Does nothing unless overridden.
	 */
	default void suspend() {
	}

	/**
	 * Aborts what runs on the connections, because the database has been silent for so
	 * long that no answer is expected. Does nothing unless overridden.
	 */
	default void abort() {
	}

	/**
	 * Discards connections that did not survive the outage, because the database answers
	 * again, and checks that the application can get a new one. Does nothing unless
	 * overridden.
	 * @throws Exception if it cannot
	 */
	default void recover() throws Exception {
	}

	/**
	 * Connects with newer credentials from now on, if the server accepts them.
	 * Connections with the former ones are closed when they are returned. Called by one
	 * thread at a time, after {@link #connect} has succeeded.
	 * @param details where to connect to, with the newer credentials
	 * @param timeout the time limit for an answer of the server
	 * @return closes the remaining connections with the former credentials, without
	 * waiting
	 * @throws Exception if the server did not accept them; nothing has changed then
	 */
	Runnable rotate(DatabaseConnectionDetails details, Duration timeout) throws Exception;

	/**
	 * Tries the newer certificates of an SSL bundle, and uses them from now on if the
	 * server accepts them. Connections with the former ones are closed when they are
	 * returned. Called by one thread at a time, also before {@link #connect} has
	 * succeeded; then nothing is tried.
	 * @param properties the properties of the connection details with which a connection
	 * uses the newer certificates, before they are in use
	 * @param use makes new connections use the newer certificates
	 * @param timeout the time limit for the trial
	 * @throws Exception if the server did not accept them; nothing has changed then
	 */
	default void renewSsl(Map<String, String> properties, Runnable use, Duration timeout) throws Exception {
		use.run();
	}

	/**
	 * Repeats the verification that was made before the database came up. Called by one
	 * thread at a time, after {@link #connect} has succeeded.
	 * @return the reports, empty unless overridden
	 * @throws VerificationFailedException if the application must not use the database
	 * @throws Exception if the verification could not be made
	 */
	default List<PreparationReport> verify() throws Exception {
		return List.of();
	}

	/**
	 * Returns where the application connects to, with the credentials in use.
	 * @return the connection details, or {@code null}, unless overridden, if there is no
	 * connection yet, or it is not opened here
	 */
	default @Nullable DatabaseConnectionDetails getDetailsInUse() {
		return null;
	}

	/**
	 * Returns whether nobody has used the database for some time.
	 * @param time the time
	 * @return {@code false}, unless overridden, as it is not known
	 */
	default boolean isUnusedFor(Duration time) {
		return false;
	}

	/**
	 * Closes what is open and can be opened again, because nobody has used the database
	 * for some time. Does nothing if somebody uses it meanwhile, nor unless overridden.
	 * @param time the time
	 */
	default void rest(Duration time) {
	}

	/**
	 * Lets new borrows, and callers that wait for a connection, fail, because the
	 * database has been removed. What is under way goes on until the database is closed.
	 */
	default void end() {
		suspend();
	}

	/**
	 * Returns how much is under way, for which a removal waits.
	 * @return the connections in use, unless overridden
	 */
	default int getUnderWay() {
		PoolUsage usage = getPoolUsage();
		return (usage != null) ? usage.active() : 0;
	}

	/**
	 * Returns the usage of the pool.
	 * @return the usage or {@code null}, unless overridden, if there is no pool, or its
	 * connections cannot be counted
	 */
	default @Nullable PoolUsage getPoolUsage() {
		return null;
	}

	/**
	 * Measures the load of the pool. Called about twice a second by one thread at a time,
	 * and returns at once. Does nothing unless overridden.
	 */
	default void sample() {
	}

	/**
	 * Makes callers that wait for a connection ask again whether they may use the
	 * database, because new borrows have been blocked. Does nothing unless overridden.
	 */
	default void block() {
	}

	/**
	 * Returns the replication lag at the last probe.
	 * @return the lag or {@code null} if it is unknown, or this is not a replica
	 */
	default @Nullable Duration getReplicationLag() {
		return null;
	}

	/**
	 * Returns why a replica did not apply changes at the last probe.
	 * @return the end of a sentence that begins with its name, or {@code null} if it
	 * applies them, that is unknown, or this is not a replica
	 */
	default @Nullable String getReplicationProblem() {
		return null;
	}

	/**
	 * Returns the nodes that the server distributes tables to, as of the last check.
	 * @return the nodes or {@code null}, unless overridden, if there are none
	 */
	default @Nullable DatabaseCluster getCluster() {
		return null;
	}

	/**
	 * Returns whether callers get their connections from this connector, so that new
	 * borrows can be blocked.
	 * @return {@code true} unless overridden
	 */
	default boolean isSuspendable() {
		return true;
	}

	/**
	 * Changes the maximum size of the pool.
	 * @param maximum the number, at least 1
	 * @throws io.appdbs.IllegalDatabaseOperationException if the pool cannot have that
	 * size
	 */
	void setMaximumPoolSize(int maximum);

	/**
	 * Closes everything that is open.
	 */
	@Override
	void close() throws Exception;

}
