package io.appdbs.sample.wishes;

import java.util.List;

import io.appdbs.sample.catalog.Catalog;
import jakarta.validation.Valid;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/wishes")
class WishController {

	private final Catalog catalog;

	private final WishRepository wishes;

	WishController(Catalog catalog, WishRepository wishes) {
		this.catalog = catalog;
		this.wishes = wishes;
	}

	@GetMapping
	List<Wish> list() {
		return this.wishes.findAll();
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	Wish add(@Valid @RequestBody Wish wish) {
		this.catalog.get(wish.productId());
		this.wishes.add(wish);
		return wish;
	}

	@DeleteMapping("/{productId}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void remove(@PathVariable String productId) {
		this.wishes.remove(productId);
	}

}
