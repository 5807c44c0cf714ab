package io.appdbs.backup.check;

/**
 * Knows the backups of a database.
 */
@FunctionalInterface
interface BackupSource {

	/**
	 * Reads what is known, within a time limit.
	 * @return what is known, with a finding if that is nothing
	 * @throws InterruptedException if the thread is interrupted, as the database is
	 * closed
	 */
	BackupReading read() throws InterruptedException;

}
