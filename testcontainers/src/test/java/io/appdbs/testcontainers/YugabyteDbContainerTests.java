package io.appdbs.testcontainers;

import org.testcontainers.containers.YugabyteDBYSQLContainer;

@RequiresImages(Image.YUGABYTEDB)
class YugabyteDbContainerTests extends AbstractServerTests {

	@DatabaseContainer("orders")
	static final YugabyteDBYSQLContainer CONTAINER = new YugabyteDBYSQLContainer(Image.YUGABYTEDB.get());

	YugabyteDbContainerTests() {
		super("yugabytedb");
	}

}
