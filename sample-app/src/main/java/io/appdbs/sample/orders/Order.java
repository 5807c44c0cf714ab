package io.appdbs.sample.orders;

import java.time.Instant;
import java.util.List;

/**
 * An order that was placed.
 *
 * @param id the identifier
 * @param reference the customer's own number
 * @param totalInCents the price of all
 * @param placedAt the time
 * @param lines the products, at the prices of that time
 */
record Order(long id, String reference, long totalInCents, Instant placedAt, List<Line> lines) {

	record Line(String productId, int quantity, long priceInCents) {

	}

}
