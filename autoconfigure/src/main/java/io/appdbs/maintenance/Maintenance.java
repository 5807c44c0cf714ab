package io.appdbs.maintenance;

import java.util.List;

/**
 * Maintains the tables and indexes of a database, as far as
 * {@code maintenance.operations} allows it. A task runs on a connection of its own, one
 * at a time per database, also if several instances of the application run. Thread-safe.
 */
public interface Maintenance {

	/**
	 * Returns the tables or collections that the settings allow to maintain.
	 * @return the names, with the schema if there is one, as SQL writes them
	 * @throws org.springframework.dao.DataAccessException if the server cannot be asked
	 */
	List<String> getTables();

	/**
	 * Returns what a request would execute, and whether it may, without executing it.
	 * @param request the request
	 * @return the plan
	 * @throws io.appdbs.IllegalDatabaseOperationException if the request is not possible
	 */
	MaintenancePlan plan(MaintenanceRequest request);

	/**
	 * Starts a task.
	 * @param request the request
	 * @return the task, which may already have ended
	 * @throws io.appdbs.IllegalDatabaseOperationException if the request is not allowed
	 * or not possible now, another task is running, or the calling thread has a
	 * transaction of the database, for whose end the task could wait
	 */
	MaintenanceTask start(MaintenanceRequest request);

	/**
	 * Returns the latest tasks.
	 * @return at most 20 tasks, the latest first
	 */
	List<MaintenanceTask> getTasks();

	/**
	 * Returns a task.
	 * @param id the identifier of the task
	 * @return the task
	 * @throws io.appdbs.IllegalDatabaseOperationException if there is no such task among
	 * the latest ones
	 */
	MaintenanceTask getTask(String id);

}
