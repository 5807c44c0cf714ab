package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.appdbs.DatabaseOutage;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import org.jspecify.annotations.Nullable;

/**
 * Informs a connector whether callers may use the database, and receives its failures.
 */
public interface DatabaseAvailability {

	/**
	 * Returns why the database cannot be used. Waits while the database is starting or
	 * suspended, and otherwise returns at once. An outage counts as a failed borrow.
	 * @param timeout how long to wait for a database that is starting or suspended
	 * @return the outage or {@code null} if the database is up
	 */
	@Nullable DatabaseOutage check(Duration timeout);

	/**
	 * Does the same as {@link #check}, but does not wait in the thread of the caller.
	 * @param timeout how long to wait for a database that is starting or suspended
	 * @return completed with the outage, or with {@code null} if the database is up. The
	 * thread that completes it may be the one that resumes the database, so the caller
	 * continues on another one.
	 */
	CompletableFuture<@Nullable DatabaseOutage> checkAsync(Duration timeout);

	/**
	 * Returns whether the database is up, suspended or not.
	 * @return whether the last probe succeeded
	 */
	boolean isUp();

	/**
	 * Returns whether callers may use the database now.
	 * @return whether it is up and not suspended
	 */
	boolean isOpen();

	/**
	 * Returns whether the credentials of the database can change.
	 * @return whether {@link DatabaseConnector#rotate} may be called
	 */
	boolean isRotating();

	/**
	 * Looks for newer credentials, because the server has refused those in use, and waits
	 * until the connector uses them, or there are none.
	 */
	void refreshCredentials();

	/**
	 * Returns the logins that the server has refused. The connector checks them before it
	 * logs in, and records the outcome there.
	 * @return the failed logins of the database
	 */
	FailedLogins getFailedLogins();

	/**
	 * Counts a caller that got no connection although the database could be used.
	 * @param reason the reason
	 */
	void borrowFailed(BorrowFailure reason);

}
