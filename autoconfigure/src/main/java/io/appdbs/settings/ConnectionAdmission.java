package io.appdbs.settings;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Admits the physical connections of a relational database that shares a limit with
 * others. The connections of the pool, of the probe, and of everything else that connects
 * to the database each need a {@link Permit}.
 */
public interface ConnectionAdmission {

	/**
	 * Waits until the database may open another connection.
	 * @param request what the connection is for
	 * @return the permit, which the caller releases when the connection is closed or was
	 * not opened
	 * @throws SQLException if the limit does not allow it in time, or the database is
	 * removed
	 * @throws InterruptedException if the thread is interrupted
	 */
	Permit acquire(Request request) throws SQLException, InterruptedException;

	/**
	 * Returns why the connections that this database waits for are not admitted.
	 * @return a sentence or {@code null} if the database does not wait for a permit, and
	 * its last request was granted
	 */
	@Nullable String describeShortage();

	/**
	 * Returns the executor of the periodic tasks of the pool. No task waits for a server.
	 * @return the executor, which the caller does not shut down
	 */
	ScheduledExecutorService getScheduler();

	/**
	 * Returns the executor of attempts to connect, each of which has a permit.
	 * @return the executor, which the caller does not shut down
	 */
	Executor getConnectExecutor();

	/**
	 * Returns the factory of the threads of the pool that are not shared.
	 * @return the factory
	 */
	ThreadFactory getThreadFactory();

	/**
	 * What a connection is for.
	 */
	enum Use {

		/**
		 * The pool of the application.
		 */
		POOL,

		/**
		 * The probe, the start of the database, migrations, inspection and maintenance.
		 */
		SERVICE

	}

	/**
	 * A request for a permit.
	 *
	 * @param use what the connection is for
	 * @param server the server to connect to
	 * @param holder who can give the connection back or {@code null} if nobody can before
	 * it is closed
	 * @param timeout the longest time to wait
	 * @param connectTimeout the time within which the attempt to connect should end
	 * @param needed whether the connection is still needed; called often, and with locks
	 * held
	 */
	record Request(Use use, String server, @Nullable Holder holder, Duration timeout, Duration connectTimeout,
			BooleanSupplier needed) {
	}

	/**
	 * Allows one physical connection. Thread-safe.
	 */
	interface Permit {

		/**
		 * Called when the attempt to connect has succeeded.
		 * @param closed whether the connection is closed, as far as the driver knows
		 * without asking the server
		 */
		void opened(BooleanSupplier closed);

		/**
		 * Called when the connection is used.
		 */
		void used();

		/**
		 * Called when the connection can be given back as soon as others need it.
		 * @param use what the connection is for from now on
		 */
		void expire(Use use);

		/**
		 * Gives the permit back. Further calls have no effect.
		 */
		void release();

	}

	/**
	 * Holds connections that can be idle.
	 */
	interface Holder {

		/**
		 * Returns how many connections are idle.
		 * @return the number
		 */
		int getIdle();

		/**
		 * Returns how many connections are in use.
		 * @return the number
		 */
		int getActive();

		/**
		 * Begins to close one idle connection. Does not wait for the server.
		 * @return whether there was one
		 */
		boolean giveBack();

		/**
		 * Closes all connections, those in use when they are returned and others now.
		 */
		void retire();

	}

}
