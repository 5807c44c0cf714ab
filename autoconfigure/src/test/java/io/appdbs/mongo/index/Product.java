package io.appdbs.mongo.index;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.index.CompoundIndex;
import org.springframework.data.mongodb.core.index.GeoSpatialIndexType;
import org.springframework.data.mongodb.core.index.GeoSpatialIndexed;
import org.springframework.data.mongodb.core.index.HashIndexed;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.index.TextIndexed;
import org.springframework.data.mongodb.core.index.WildcardIndexed;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.mapping.Field;

/**
 * An entity with an index of every kind.
 */
@Document("products")
@CompoundIndex(name = "cat_price", def = "{'category': 1, 'price': -1}")
class Product {

	@Id
	@Indexed
	String id;

	@Indexed(unique = true)
	String sku;

	@Field("cat")
	String category;

	long price;

	@TextIndexed(weight = 2)
	String title;

	@TextIndexed
	String body;

	@GeoSpatialIndexed(type = GeoSpatialIndexType.GEO_2DSPHERE)
	double[] place;

	@GeoSpatialIndexed
	double[] shelf;

	@Indexed(expireAfter = "30d")
	Instant seen;

	@Indexed(sparse = true)
	String ean;

	@Indexed(partialFilter = "{'price': {$gt: 10}}", useGeneratedName = true)
	String brand;

	@Indexed(collation = "{'locale': 'en', 'strength': 2}")
	String maker;

	@HashIndexed
	String customer;

	@WildcardIndexed
	Map<String, String> attributes;

	List<Part> parts;

	/**
	 * A part of a product.
	 */
	static class Part {

		@Indexed
		String number;

	}

}
