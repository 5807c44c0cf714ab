package io.appdbs.sample.catalog;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * A request for a product. MongoDB deletes it after 30 days.
 *
 * @param id the identifier, which MongoDB generates
 * @param productId the product
 * @param viewedAt the time of the request
 */
@Document("productViews")
record ProductView(@Id @Nullable String id, String productId,
		@Indexed(name = "viewed", expireAfter = "30d") Instant viewedAt) {

}
