package io.appdbs.maintenance.task;

/**
 * Thrown if an operation has failed for a reason that the message of the server does not
 * have.
 */
public class MaintenanceFailedException extends Exception {

	/**
	 * Creates a new {@link MaintenanceFailedException}.
	 * @param message the reason
	 */
	public MaintenanceFailedException(String message) {
		super(message);
	}

	/**
	 * Creates a new {@link MaintenanceFailedException}.
	 * @param message the reason
	 * @param cause the exception of the driver
	 */
	public MaintenanceFailedException(String message, Throwable cause) {
		super(message, cause);
	}

}
