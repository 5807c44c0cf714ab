package io.appdbs.sample.reviews;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/**
 * Review of a product by a customer.
 */
@Entity
class Review {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private @Nullable Long id;

	private String productId;

	private int stars;

	private String text;

	/**
	 * Creates a review that Hibernate fills.
	 */
	protected Review() {
		this("", 1, "");
	}

	/**
	 * Creates a review.
	 * @param productId the product
	 * @param stars from one to five
	 * @param text the text of the customer
	 */
	Review(String productId, int stars, String text) {
		this.productId = productId;
		this.stars = stars;
		this.text = text;
	}

	@Nullable Long getId() {
		return this.id;
	}

	String getProductId() {
		return this.productId;
	}

	int getStars() {
		return this.stars;
	}

	String getText() {
		return this.text;
	}

}
