package io.appdbs.testcontainers;

import org.testcontainers.mariadb.MariaDBContainer;

@RequiresImages(Image.MARIADB)
class MariaDbContainerTests extends AbstractServerTests {

	@DatabaseContainer("orders")
	static final MariaDBContainer CONTAINER = new MariaDBContainer(Image.MARIADB.get());

	MariaDbContainerTests() {
		super("mariadb");
	}

}
