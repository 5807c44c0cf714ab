package io.appdbs.sample.orders;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Thrown for an order whose reference was used before.
 */
class OrderExistsException extends ErrorResponseException {

	OrderExistsException(String reference, Throwable cause) {
		super(HttpStatus.CONFLICT, ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT,
				"There is an order with the reference '" + reference + "' already."), cause);
	}

}
