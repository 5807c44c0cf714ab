package io.appdbs.lifecycle.thread;

import java.net.SocketTimeoutException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a connector when a server has just answered, at least when a connection was
 * opened, but takes too long for a further answer. Such a server is not silent.
 */
public final class LateAnswerException extends SocketTimeoutException {

	/**
	 * Creates a new {@link LateAnswerException}.
	 * @param timeout the time limit of the answer
	 * @param cause the exception of the driver or {@code null}
	 */
	public LateAnswerException(Duration timeout, @Nullable Throwable cause) {
		super("The server did not answer within %d ms".formatted(timeout.toMillis()));
		initCause(cause);
	}

}
