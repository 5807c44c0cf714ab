package io.appdbs.testcontainers;

import org.testcontainers.mysql.MySQLContainer;

@RequiresImages(Image.MYSQL)
class MySqlContainerTests extends AbstractServerTests {

	@DatabaseContainer("orders")
	static final MySQLContainer CONTAINER = new MySQLContainer(Image.MYSQL.get());

	MySqlContainerTests() {
		super("mysql");
	}

}
