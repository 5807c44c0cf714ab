package io.appdbs.actuate.drill;

/**
 * A fault of a database.
 *
 * @param title what is wrong
 * @param database the name of the database
 * @param alert the alert that must fire
 * @param lasting whether the fault stays while others are injected, because its alert
 * fires after several minutes. It must not affect the health of the application.
 * @param inject injects it
 * @param heal ends it
 */
record Fault(String title, String database, String alert, boolean lasting, Action inject, Action heal) {

	/**
	 * An action that can fail.
	 */
	interface Action {

		void run() throws Exception;

	}

}
