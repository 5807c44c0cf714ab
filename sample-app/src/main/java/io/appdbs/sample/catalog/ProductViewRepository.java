package io.appdbs.sample.catalog;

import java.util.List;

import org.springframework.data.mongodb.repository.Aggregation;
import org.springframework.data.mongodb.repository.MongoRepository;

interface ProductViewRepository extends MongoRepository<ProductView, String> {

	@Aggregation({ "{ $group: { _id: '$productId', views: { $sum: 1 } } }", "{ $sort: { views: -1, _id: 1 } }",
			"{ $limit: 3 }" })
	List<PopularProduct> findMostViewed();

}
