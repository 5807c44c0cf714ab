package io.appdbs.sample.reviews;

import java.util.List;

import io.appdbs.sample.catalog.Catalog;
import jakarta.validation.Valid;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/products/{productId}/reviews")
class ReviewController {

	private final Catalog catalog;

	private final ReviewRepository reviews;

	ReviewController(Catalog catalog, ReviewRepository reviews) {
		this.catalog = catalog;
		this.reviews = reviews;
	}

	@GetMapping
	List<NewReview> list(@PathVariable String productId) {
		return this.reviews.findTop100ByProductIdOrderByIdDesc(this.catalog.get(productId).id());
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	NewReview add(@PathVariable String productId, @Valid @RequestBody NewReview review) {
		this.reviews.save(new Review(this.catalog.get(productId).id(), review.stars(), review.text()));
		return review;
	}

}
