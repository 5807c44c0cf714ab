package io.appdbs.sample.orders;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * What a customer wants.
 *
 * @param reference the customer's own number of the order, which can be used once
 * @param items the products
 */
record NewOrder(@NotBlank @Size(max = 60) String reference,
		@NotEmpty @Size(max = 50) List<@NotNull @Valid Item> items) {

	/**
	 * Return the number of pieces by product, also if a product is among the items twice.
	 */
	SortedMap<String, Integer> quantities() {
		SortedMap<String, Integer> quantities = new TreeMap<>();
		this.items.forEach((item) -> quantities.merge(item.productId(), item.quantity(), Integer::sum));
		return quantities;
	}

	record Item(@NotBlank String productId, @Positive @Max(1000) int quantity) {

	}

}
