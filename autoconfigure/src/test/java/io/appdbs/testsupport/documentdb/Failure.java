package io.appdbs.testsupport.documentdb;

import java.time.Duration;

/**
 * How a server answers the next commands with a name, like MongoDB's fail point
 * {@code failCommand}.
 *
 * @param command the name of the command, for example {@code commitTransaction}
 * @param times how many commands fail
 * @param code the error code or 0 to execute the command
 * @param labels the labels of the error; without any, those that a server would set
 * @param connectionClosed whether the connection is closed instead of a reply
 * @param delay the time before the command is executed
 */
public record Failure(String command, int times, int code, String[] labels, boolean connectionClosed, Duration delay) {

	/**
	 * Answers the next command with an error, without executing it.
	 */
	public static Failure error(String command, int code, String... labels) {
		return new Failure(command, 1, code, labels, false, Duration.ZERO);
	}

	/**
	 * Closes the connection instead of executing the next command.
	 */
	public static Failure closeBefore(String command) {
		return new Failure(command, 1, ErrorCodes.UNKNOWN, new String[0], true, Duration.ZERO);
	}

	/**
	 * Executes the next command and closes the connection without a reply.
	 */
	public static Failure closeAfter(String command) {
		return new Failure(command, 1, 0, new String[0], true, Duration.ZERO);
	}

	/**
	 * Executes the next command later.
	 */
	public static Failure delay(String command, Duration delay) {
		return new Failure(command, 1, 0, new String[0], false, delay);
	}

	/**
	 * Returns the same failure for several commands.
	 */
	public Failure times(int times) {
		return new Failure(this.command, times, this.code, this.labels, this.connectionClosed, this.delay);
	}

	boolean isExecuted() {
		return this.code == 0;
	}

	CommandException toException() {
		return new CommandException(this.code, "Failing command via 'failCommand' failpoint", this.labels);
	}

}
