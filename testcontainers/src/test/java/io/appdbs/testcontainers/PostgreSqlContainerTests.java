package io.appdbs.testcontainers;

import org.testcontainers.postgresql.PostgreSQLContainer;

@RequiresImages(Image.POSTGRESQL)
class PostgreSqlContainerTests extends AbstractServerTests {

	@DatabaseContainer("orders")
	static final PostgreSQLContainer CONTAINER = new PostgreSQLContainer(Image.POSTGRESQL.get());

	PostgreSqlContainerTests() {
		super("postgresql");
	}

}
