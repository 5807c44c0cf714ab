package io.appdbs.maintenance.task;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceProgress;
import io.appdbs.maintenance.MaintenanceRequest;
import org.jspecify.annotations.Nullable;

/**
 * A connection that maintains a database. Used by one thread, except for
 * {@link #cancel()}, {@link #abort()} and {@link #readProgress()}.
 */
public interface MaintenanceSession extends AutoCloseable {

	/**
	 * Reads the tables or collections that the settings allow to maintain.
	 * @return the names
	 * @throws Exception if they cannot be read
	 */
	List<String> readTables() throws Exception;

	/**
	 * Looks up what is requested.
	 * @param request the request, whose operation the engine has
	 * @return the plan, with a refusal if the login or the settings do not allow it
	 * @throws io.appdbs.IllegalDatabaseOperationException if the request is not possible
	 * @throws Exception if the server does not answer
	 */
	MaintenancePlan plan(MaintenanceRequest request) throws Exception;

	/**
	 * Tries to get the lock that only one session of the database has.
	 * @return whether this session has it until it is closed
	 * @throws Exception if the server does not answer
	 */
	boolean tryLock() throws Exception;

	/**
	 * Executes what has been {@linkplain #plan planned} last, and removes what it leaves
	 * behind if it fails.
	 * @param messages receives what the server says
	 * @throws Exception if it failed, was cancelled or aborted
	 */
	void execute(Consumer<String> messages) throws Exception;

	/**
	 * Returns whether the execution has ended, so that only its remains are removed and
	 * there is nothing to cancel.
	 * @return whether it has ended
	 */
	boolean isExecuted();

	/**
	 * Asks the server to cancel what is being executed, if anything is, and waits until
	 * the server has received that.
	 * @throws Exception if the server cannot be asked
	 */
	void cancel() throws Exception;

	/**
	 * Ends the session without asking the server, and what it still removes.
	 */
	void abort();

	/**
	 * Reads how far the execution is, on another connection.
	 * @return the progress or {@code null} if the server does not report it
	 * @throws Exception if the server does not answer
	 */
	@Nullable MaintenanceProgress readProgress() throws Exception;

	@Override
	void close();

	/**
	 * Opens the sessions of a database.
	 */
	interface Factory {

		/**
		 * Returns whether the calling thread has a transaction of the database.
		 * @return whether it has one
		 */
		boolean isInTransaction();

		/**
		 * Opens a session.
		 * @param timeout the time limit for each answer of the server, {@code null} for
		 * none
		 * @return the session
		 * @throws Exception if the server does not accept it
		 */
		MaintenanceSession open(@Nullable Duration timeout) throws Exception;

	}

}
