package io.appdbs.maintenance;

/**
 * A requested operation on a table, collection or index. Names are written as in SQL:
 * {@code name} or {@code schema.name}, with double quotes around a part that has capital
 * letters or other characters. They are looked up in the catalogue, and never become a
 * part of a statement as they are.
 *
 * @param operation the operation
 * @param table the table or collection, or the index for operations on one
 */
public record MaintenanceRequest(MaintenanceOperation operation, String table) {

	/**
	 * Returns a request to collect the statistics of the planner.
	 * @param table the table
	 * @return the request
	 */
	public static MaintenanceRequest analyze(String table) {
		return new MaintenanceRequest(MaintenanceOperation.ANALYZE, table);
	}

	/**
	 * Returns a request to reclaim space on PostgreSQL.
	 * @param table the table
	 * @return the request
	 */
	public static MaintenanceRequest vacuum(String table) {
		return new MaintenanceRequest(MaintenanceOperation.VACUUM, table);
	}

	/**
	 * Returns a request to rebuild a table on MySQL or MariaDB.
	 * @param table the table
	 * @return the request
	 */
	public static MaintenanceRequest optimize(String table) {
		return new MaintenanceRequest(MaintenanceOperation.OPTIMIZE, table);
	}

	/**
	 * Returns a request to compact a collection.
	 * @param collection the collection
	 * @return the request
	 */
	public static MaintenanceRequest compact(String collection) {
		return new MaintenanceRequest(MaintenanceOperation.COMPACT, collection);
	}

	/**
	 * Returns a request to rebuild an index, or all indexes of a table.
	 * @param name the index or the table
	 * @return the request
	 */
	public static MaintenanceRequest reindex(String name) {
		return new MaintenanceRequest(MaintenanceOperation.REINDEX, name);
	}

	/**
	 * Returns a request to drop an unusable index.
	 * @param index the index
	 * @return the request
	 */
	public static MaintenanceRequest dropInvalidIndex(String index) {
		return new MaintenanceRequest(MaintenanceOperation.DROP_INVALID_INDEX, index);
	}

	/**
	 * Returns a request to check a table or collection for errors.
	 * @param table the table
	 * @return the request
	 */
	public static MaintenanceRequest check(String table) {
		return new MaintenanceRequest(MaintenanceOperation.CHECK, table);
	}

	/**
	 * Returns a request to delete all rows or documents.
	 * @param table the table
	 * @return the request
	 */
	public static MaintenanceRequest truncate(String table) {
		return new MaintenanceRequest(MaintenanceOperation.TRUNCATE, table);
	}

}
