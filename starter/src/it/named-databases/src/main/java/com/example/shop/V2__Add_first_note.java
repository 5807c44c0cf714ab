package com.example.shop;

import io.appdbs.mongo.migration.MongoMigration;
import org.bson.Document;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.stereotype.Component;

/**
 * A migration of the MongoDB database in Java.
 */
@Component
@Qualifier("catalog")
class V2__Add_first_note implements MongoMigration {

	@Override
	public void migrate(MongoTemplate template) {
		template.insert(new Document("note", "first"), "notes");
	}

}
