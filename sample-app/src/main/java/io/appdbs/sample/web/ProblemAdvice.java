package io.appdbs.sample.web;

import java.util.Map;
import java.util.TreeMap;

import io.appdbs.DatabaseOutage;
import io.appdbs.Databases;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.mongo.MongoDatabaseDownException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Answers errors as <a href="https://www.rfc-editor.org/rfc/rfc9457">problem details</a>,
 * which for an invalid request say what is wrong with which field, and for a database
 * that is down, which one it is.
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

	private final Databases databases;

	ProblemAdvice(Databases databases) {
		this.databases = databases;
	}

	/**
	 * Also finds the exception as the cause of those that Spring makes of it.
	 */
	@ExceptionHandler
	ProblemDetail handleDatabaseDown(DatabaseDownException ex) {
		return unavailable(ex.getOutage());
	}

	@ExceptionHandler
	ProblemDetail handleDatabaseDown(MongoDatabaseDownException ex) {
		return unavailable(ex.getOutage());
	}

	private ProblemDetail unavailable(DatabaseOutage outage) {
		boolean suspended = this.databases.get(outage.database()).getSnapshot().suspended();
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"The database '%s' is %s. Try again later.".formatted(outage.database(),
						suspended ? "suspended" : "down"));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(MethodArgumentNotValidException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		Map<String, @Nullable String> errors = new TreeMap<>();
		ex.getFieldErrors().forEach((error) -> errors.put(error.getField(), error.getDefaultMessage()));
		ex.getBody().setProperty("errors", errors);
		return super.handleMethodArgumentNotValid(ex, headers, status, request);
	}

}
