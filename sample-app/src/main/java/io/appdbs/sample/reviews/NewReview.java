package io.appdbs.sample.reviews;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * Review of a product as customers write and read it.
 *
 * @param stars from one to five
 * @param text the text of the customer
 */
record NewReview(@Min(1) @Max(5) int stars, @NotBlank @Size(max = 1000) String text) {

}
