package io.appdbs.sample.catalog;

import io.appdbs.mongo.migration.MongoMigration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/**
 * Adds categories to the first products.
 */
@Component
@Qualifier("catalog")
class V2__Add_categories implements MongoMigration {

	@Override
	public void migrate(MongoTemplate template) {
		setCategory(template, "utensils", "espresso-cup", "moka-pot");
		setCategory(template, "coffee", "coffee-beans");
	}

	private static void setCategory(MongoTemplate template, String category, Object... ids) {
		template.updateMulti(Query.query(Criteria.where("id").in(ids)), Update.update("category", category),
				Product.class);
	}

}
