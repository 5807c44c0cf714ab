package io.appdbs.mongo.migration;

import com.mongodb.client.MongoDatabase;

import org.springframework.data.mongodb.core.MongoTemplate;

/**
 * The database that migrations change.
 */
interface MigrationTarget {

	/**
	 * Returns the database for the next command.
	 * @throws MigrationException if the lock has been lost
	 */
	MongoDatabase database();

	/**
	 * Returns the template for a bean.
	 */
	MongoTemplate template();

}
