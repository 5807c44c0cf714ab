package io.appdbs.lifecycle;

import java.net.SocketTimeoutException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a {@link DatabaseConnector} when a server that has just answered, if only
 * when a connection was opened, takes too long for a further answer. Such a server is not
 * silent.
 */
public final class LateAnswerException extends SocketTimeoutException {

	/**
	 * Create a new {@link LateAnswerException}.
	 * @param timeout within which the server should have answered
	 * @param cause what the driver threw or {@code null}
	 */
	public LateAnswerException(Duration timeout, @Nullable Throwable cause) {
		super("The server did not answer within %d ms".formatted(timeout.toMillis()));
		initCause(cause);
	}

	static boolean isIn(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof LateAnswerException) {
				return true;
			}
		}
		return false;
	}

}
