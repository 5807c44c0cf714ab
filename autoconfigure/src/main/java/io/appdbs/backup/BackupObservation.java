package io.appdbs.backup;

import org.jspecify.annotations.Nullable;

/**
 * The observation of the backups of a database, for the life cycle.
 */
public interface BackupObservation {

	/**
	 * Begins to observe, as all beans of the application have been created.
	 */
	void begin();

	/**
	 * Returns what is known, without asking anyone.
	 * @return the status of the last check, or {@code null} if there is nothing to
	 * observe or there has been no check yet
	 */
	@Nullable BackupStatus getStatus();

	/**
	 * Checks the backups now and waits for the outcome.
	 * @return the status, or {@code null} if there is nothing to observe
	 * @throws io.appdbs.IllegalDatabaseOperationException if it could not be checked
	 */
	@Nullable BackupStatus check();

}
