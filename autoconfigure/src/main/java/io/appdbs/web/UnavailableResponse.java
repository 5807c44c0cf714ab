package io.appdbs.web;

import java.time.Duration;
import java.time.Instant;

import io.appdbs.DatabaseOutage;
import io.appdbs.TransientDatabaseFailure;
import io.appdbs.engine.Causes;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The response to a request that got no connection. Only the log names the database.
 *
 * @param failure the failure
 * @param cause the cause that makes it transient
 * @param outage the outage, or {@code null} if there is none
 */
record UnavailableResponse(Throwable failure, Throwable cause, @Nullable DatabaseOutage outage) {

	/**
	 * Returns the response to a failure or {@code null} if none of its causes is a
	 * {@link TransientDatabaseFailure}.
	 */
	static @Nullable UnavailableResponse to(Throwable failure) {
		TransientDatabaseFailure cause = Causes.find(TransientDatabaseFailure.class, failure);
		return (cause != null) ? new UnavailableResponse(failure, (Throwable) cause, cause.getOutage()) : null;
	}

	/**
	 * Returns the number of seconds until the next attempt to reach the database, at
	 * least 1.
	 */
	String getRetryAfter() {
		Instant nextAttempt = (this.outage != null) ? this.outage.nextAttempt() : null;
		long millis = (nextAttempt != null) ? Duration.between(Instant.now(), nextAttempt).toMillis() : 0;
		return String.valueOf(Math.max(1, (millis + 999) / 1000));
	}

	/**
	 * Returns the exception to handle instead of the failure.
	 */
	ResponseStatusException toException() {
		return new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
				"The service is temporarily unavailable. Try again later.", this.failure);
	}

	/**
	 * Returns the database and the kind of the failure.
	 */
	String getKind() {
		return this.cause.getClass().getName() + " " + ((TransientDatabaseFailure) this.cause).getDatabase();
	}

}
