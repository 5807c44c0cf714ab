package io.appdbs.restore;

/**
 * A kind of backup.
 */
interface BackupSource {

	/**
	 * Returns the backup for messages and the report.
	 */
	String describe();

	/**
	 * Restores the backup into a scratch server.
	 * @param plan the settings of the check
	 * @param log the log, whose steps this executes
	 * @return the running server; if this fails, no server is left
	 * @throws Exception if the backup cannot be restored; the message is a finding
	 */
	ScratchServer restore(RestorePlan plan, RestoreLog log) throws Exception;

}
