package io.appdbs.maintenance;

import java.util.Locale;

/**
 * Operations that maintain tables, collections and indexes. No engine has all of them.
 */
public enum MaintenanceOperation {

	/** Collects the statistics of the planner. */
	ANALYZE,

	/** Reclaims the space of deleted rows and collects statistics (PostgreSQL). */
	VACUUM,

	/** Rebuilds a table while it is used (MySQL, MariaDB). */
	OPTIMIZE,

	/** Compacts a collection (MongoDB). */
	COMPACT,

	/** Rebuilds indexes while they are used (PostgreSQL). */
	REINDEX,

	/** Drops an index that a failed operation has left unusable (PostgreSQL). */
	DROP_INVALID_INDEX,

	/** Checks a table or collection for errors (MySQL, MariaDB, MongoDB). */
	CHECK,

	/** Deletes all rows or documents. */
	TRUNCATE;

	/**
	 * Returns the name of the operation.
	 * @return the name as in the configuration, for example {@code drop-invalid-index}
	 */
	public String getName() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
