package io.appdbs.backup;

/**
 * Reports the backups of a database, for example those that an operator of Kubernetes
 * makes. A bean with the name of the database as qualifier is used if
 * {@code app.dbs.<name>.backup.report} is {@code bean}.
 */
@FunctionalInterface
public interface BackupReporter {

	/**
	 * Reports the backups. Called at every {@code backup.check-interval}, by one thread
	 * at a time, and interrupted after 10 seconds. It may use the database.
	 * @return the report
	 * @throws Exception if it is unknown whether there are backups; its message is logged
	 * and must not contain secrets
	 */
	BackupReport report() throws Exception;

}
