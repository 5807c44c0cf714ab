package io.appdbs.embedded;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when an embedded server cannot be started, or cannot create a database. The
 * message names the engine, the cause, and the {@code data-dir} where one is set.
 */
public class EmbeddedServerException extends RuntimeException {

	EmbeddedServerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
