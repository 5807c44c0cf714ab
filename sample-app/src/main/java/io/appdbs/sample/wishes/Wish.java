package io.appdbs.sample.wishes;

import jakarta.validation.constraints.NotBlank;

/**
 * A product that the current user would like to have.
 *
 * @param productId the product
 */
record Wish(@NotBlank String productId) {

}
