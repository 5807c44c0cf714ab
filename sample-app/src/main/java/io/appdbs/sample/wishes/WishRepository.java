package io.appdbs.sample.wishes;

import java.util.List;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The wishes of the current user. No statement says whose they are: the database knows.
 */
@Repository
class WishRepository {

	private final JdbcClient jdbc;

	WishRepository(@Qualifier("wishes") JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Return all wishes, the latest first.
	 */
	List<Wish> findAll() {
		return this.jdbc.sql("SELECT product_id FROM wish ORDER BY added_at DESC, product_id").query(Wish.class).list();
	}

	/**
	 * Add a wish, unless it is there.
	 */
	void add(Wish wish) {
		this.jdbc.sql("INSERT INTO wish (product_id) VALUES (:product) ON CONFLICT DO NOTHING")
			.param("product", wish.productId())
			.update();
	}

	/**
	 * Remove a wish, if it is there.
	 */
	void remove(String productId) {
		this.jdbc.sql("DELETE FROM wish WHERE product_id = :product").param("product", productId).update();
	}

}
