package io.appdbs.reactive.catalog;

import reactor.core.publisher.Flux;

import org.springframework.data.repository.reactive.ReactiveCrudRepository;

public interface ReviewRepository extends ReactiveCrudRepository<Review, String> {

	Flux<Review> findByText(String text);

}
