package io.appdbs.ssl;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a bundle cannot be read, or its key does not belong to its certificate. A
 * further attempt would fail until the bundle is reloaded.
 */
public final class UnusableBundleException extends RuntimeException {

	UnusableBundleException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
