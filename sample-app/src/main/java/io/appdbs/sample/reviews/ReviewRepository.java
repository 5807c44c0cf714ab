package io.appdbs.sample.reviews;

import java.util.List;

import org.springframework.data.repository.Repository;

/**
 * The reviews. While their database is down, every method fails at once.
 */
interface ReviewRepository extends Repository<Review, Long> {

	Review save(Review review);

	/**
	 * Returns the latest reviews of a product.
	 */
	List<NewReview> findTop100ByProductIdOrderByIdDesc(String productId);

}
