package com.example.shop.catalog;

import reactor.core.publisher.Flux;

import org.springframework.data.repository.reactive.ReactiveCrudRepository;

/**
 * The same products, reactive.
 */
public interface ProductFeed extends ReactiveCrudRepository<Product, String> {

	Flux<Product> findByName(String name);

}
