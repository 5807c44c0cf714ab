package io.appdbs.mongo.index;

import java.time.Instant;

import org.springframework.data.mongodb.core.index.CompoundIndex;
import org.springframework.data.mongodb.core.index.GeoSpatialIndexType;
import org.springframework.data.mongodb.core.index.GeoSpatialIndexed;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.index.TextIndexed;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * An entity whose indexes are changed by hand.
 */
@Document("articles")
@CompoundIndex(name = "category_price", def = "{'category': 1, 'price': -1}")
class Article {

	String id;

	@Indexed(unique = true)
	String sku;

	@Indexed(unique = true)
	String code;

	String category;

	long price;

	@TextIndexed(weight = 2)
	String title;

	@TextIndexed
	String body;

	@GeoSpatialIndexed(type = GeoSpatialIndexType.GEO_2DSPHERE)
	double[] place;

	@Indexed(expireAfter = "30d")
	Instant seen;

	@Indexed(sparse = true)
	String ean;

	@Indexed(partialFilter = "{'price': {$gt: 10}}")
	String brand;

	@Indexed
	String maker;

}
