package io.appdbs.sample.inventory;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Thrown for an order of more than there is.
 */
public class InsufficientStockException extends ErrorResponseException {

	InsufficientStockException(String productId, int requested, int available) {
		super(HttpStatus.CONFLICT, ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT,
				"Of the product '%s', %d are in stock and %d were ordered.".formatted(productId, available, requested)),
				null);
	}

}
