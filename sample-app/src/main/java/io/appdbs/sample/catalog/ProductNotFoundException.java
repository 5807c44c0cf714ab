package io.appdbs.sample.catalog;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Thrown for a product that is not in the catalog.
 */
public class ProductNotFoundException extends ErrorResponseException {

	ProductNotFoundException(String id) {
		super(HttpStatus.NOT_FOUND,
				ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "There is no product '" + id + "'."), null);
	}

}
