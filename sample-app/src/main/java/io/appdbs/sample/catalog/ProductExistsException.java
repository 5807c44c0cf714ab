package io.appdbs.sample.catalog;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Thrown for a new product whose identifier is taken.
 */
public class ProductExistsException extends ErrorResponseException {

	ProductExistsException(String id, Throwable cause) {
		super(HttpStatus.CONFLICT,
				ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "There is a product '" + id + "' already."),
				cause);
	}

}
