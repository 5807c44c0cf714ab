package io.appdbs.sample.reviews;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * What a customer says of a product.
 *
 * @param stars from one to five
 * @param text what is said
 */
record Review(@Min(1) @Max(5) int stars, @NotBlank @Size(max = 1000) String text) {

}
