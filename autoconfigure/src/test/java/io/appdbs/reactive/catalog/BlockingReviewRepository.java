package io.appdbs.reactive.catalog;

import java.util.List;

import org.springframework.data.mongodb.repository.MongoRepository;

public interface BlockingReviewRepository extends MongoRepository<Review, String> {

	List<Review> findByText(String text);

}
