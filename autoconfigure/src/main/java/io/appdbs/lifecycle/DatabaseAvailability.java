package io.appdbs.lifecycle;

import java.time.Duration;

import io.appdbs.DatabaseOutage;
import org.jspecify.annotations.Nullable;

/**
 * What a connector asks before it lets a caller near the database.
 */
public interface DatabaseAvailability {

	/**
	 * Return why the database cannot be used. Waits while the database is starting or
	 * suspended, and otherwise answers at once. An outage counts as a failure to borrow.
	 * @param timeout how long to wait for a database that is starting or suspended
	 * @return the outage or {@code null} if the database is up
	 */
	@Nullable DatabaseOutage check(Duration timeout);

	/**
	 * Return whether the database is up, suspended or not.
	 * @return whether it can be expected to answer
	 */
	boolean isUp();

	/**
	 * Return whether a caller would be let near the database now.
	 * @return whether it is up and not suspended
	 */
	boolean isOpen();

	/**
	 * Return whether the credentials of the database can change.
	 * @return whether the connector may be told of others
	 */
	boolean isRotating();

	/**
	 * Look for newer credentials at once, because the server has refused those in use,
	 * and wait until the connector has been told of them, or there are none.
	 */
	void refreshCredentials();

	/**
	 * Return the logins that the server has refused. The connector asks before it logs
	 * in, and reports the outcome.
	 * @return those of the database
	 */
	FailedLogins getRefusedLogins();

	/**
	 * Count that a caller did not get a connection although the database could be used.
	 * @param reason why not
	 */
	void borrowFailed(BorrowFailure reason);

}
