package io.appdbs.engine.partition;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if partitions of a table cannot be created or removed, because the table, a
 * partition or a right has to be changed first.
 */
public class PartitionException extends RuntimeException {

	private final String action;

	/**
	 * Creates a new {@link PartitionException}.
	 * @param message what is wrong, as the end of a sentence that begins with the table
	 * @param action how to fix it, in sentences
	 * @param cause the cause or {@code null}
	 */
	public PartitionException(String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	/**
	 * Returns the message of a failure within a sentence: without the details that a
	 * server adds in further lines, and the number that the driver of MariaDB adds.
	 * @param failure the failure
	 * @return the first line, without a full stop at its end
	 */
	public static String firstLine(Exception failure) {
		return String.valueOf(failure.getMessage())
			.lines()
			.findFirst()
			.orElse("")
			.replaceFirst("^\\(conn=\\d+\\) ", "")
			.replaceFirst("\\.$", "");
	}

	/**
	 * Returns how to fix it.
	 * @return the action, in sentences
	 */
	public String getAction() {
		return this.action;
	}

}
