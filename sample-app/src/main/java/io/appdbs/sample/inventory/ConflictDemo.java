package io.appdbs.sample.inventory;

import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.sample.catalog.Catalog;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Provokes a conflict of two transactions, to show that the first one is retried.
 */
@RestController
class ConflictDemo {

	private final Catalog catalog;

	private final ContendedStock stock;

	ConflictDemo(Catalog catalog, ContendedStock stock) {
		this.catalog = catalog;
		this.stock = stock;
	}

	@PostMapping("/demo/conflict/{productId}")
	Answer provoke(@PathVariable String productId) {
		this.catalog.get(productId);
		AtomicInteger attempts = new AtomicInteger();
		int quantity = this.stock.takeOne(productId, () -> {
			if (attempts.incrementAndGet() == 1) {
				this.stock.addOne(productId);
			}
		});
		return new Answer(attempts.get(), quantity);
	}

	/**
	 * The answer.
	 *
	 * @param attempts how often the transaction was executed
	 * @param quantity the stock after it
	 */
	record Answer(int attempts, int quantity) {

	}

}
