package io.appdbs.sample.catalog;

import java.util.List;

import org.springframework.data.mongodb.repository.MongoRepository;

interface ProductRepository extends MongoRepository<Product, String> {

	List<Product> findByCategoryOrderByPriceInCents(String category);

}
