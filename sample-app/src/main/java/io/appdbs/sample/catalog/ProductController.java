package io.appdbs.sample.catalog;

import java.util.List;

import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

@RestController
@RequestMapping("/products")
class ProductController {

	private final Catalog catalog;

	ProductController(Catalog catalog) {
		this.catalog = catalog;
	}

	@GetMapping
	List<Product> list(@RequestParam(required = false) @Nullable String category) {
		return (category != null) ? this.catalog.findByCategory(category) : this.catalog.findAll();
	}

	@GetMapping("/popular")
	List<PopularProduct> listPopular() {
		return this.catalog.findPopular();
	}

	@GetMapping("/{id}")
	Product get(@PathVariable String id) {
		return this.catalog.view(id);
	}

	@PostMapping
	ResponseEntity<Product> add(@Valid @RequestBody Product product) {
		Product added = this.catalog.add(product);
		return ResponseEntity.created(ServletUriComponentsBuilder.fromCurrentRequest().path("/{id}").build(added.id()))
			.body(added);
	}

}
