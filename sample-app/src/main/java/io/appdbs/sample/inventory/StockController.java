package io.appdbs.sample.inventory;

import java.util.List;

import io.appdbs.sample.catalog.Catalog;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.PositiveOrZero;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/stock")
class StockController {

	private final Catalog catalog;

	private final Inventory inventory;

	StockController(Catalog catalog, Inventory inventory) {
		this.catalog = catalog;
		this.inventory = inventory;
	}

	@GetMapping
	List<StockLevel> list() {
		return this.inventory.findAll();
	}

	@PutMapping("/{productId}")
	StockLevel set(@PathVariable String productId, @Valid @RequestBody NewStock stock) {
		return this.inventory.set(this.catalog.get(productId).id(), stock.quantity());
	}

	record NewStock(@PositiveOrZero @Max(1_000_000) int quantity) {

	}

}
