package io.appdbs.sample.catalog;

import io.appdbs.mongo.migration.MongoMigration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

/**
 * Adds categories to the first products.
 */
@Component
@Qualifier("catalog")
class V2__Add_categories implements MongoMigration {

	@Override
	public void migrate(MongoTemplate template) {
		template.updateMulti(query(where("id").in("espresso-cup", "moka-pot")), Update.update("category", "utensils"),
				Product.class);
		template.updateMulti(query(where("id").is("coffee-beans")), Update.update("category", "coffee"), Product.class);
	}

}
