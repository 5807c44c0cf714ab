package io.appdbs.sample.reviews;

import java.util.List;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The reviews. While their database is down, every method fails at once.
 */
@Repository
class ReviewRepository {

	private static final int PAGE = 100;

	private final JdbcClient jdbc;

	ReviewRepository(@Qualifier("reviews") JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void add(String productId, Review review) {
		this.jdbc.sql("INSERT INTO review (product_id, stars, text) VALUES (:product, :stars, :text)")
			.param("product", productId)
			.param("stars", review.stars())
			.param("text", review.text())
			.update();
	}

	/**
	 * Return the latest reviews of a product.
	 */
	List<Review> findLatest(String productId) {
		return this.jdbc.sql("SELECT stars, text FROM review WHERE product_id = :product ORDER BY id DESC LIMIT :page")
			.param("product", productId)
			.param("page", PAGE)
			.query(Review.class)
			.list();
	}

}
