package io.appdbs.testcontainers;

import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * Containers that several test classes share.
 */
abstract class SharedContainers {

	@DatabaseContainer("orders")
	static final PostgreSQLContainer ORDERS = new PostgreSQLContainer(Image.POSTGRESQL.get())
		.withDatabaseName("orders");

	@DatabaseContainer("audit")
	static final PostgreSQLContainer AUDIT = new PostgreSQLContainer(Image.POSTGRESQL.get()).withDatabaseName("audit");

}
