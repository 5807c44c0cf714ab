package io.appdbs.sample.inventory;

/**
 * How many pieces of a product are there to be ordered.
 *
 * @param productId the product
 * @param quantity the number of pieces
 */
public record StockLevel(String productId, int quantity) {

}
