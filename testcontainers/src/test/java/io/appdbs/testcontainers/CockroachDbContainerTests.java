package io.appdbs.testcontainers;

import org.testcontainers.cockroachdb.CockroachContainer;

@RequiresImages(Image.COCKROACHDB)
class CockroachDbContainerTests extends AbstractServerTests {

	@DatabaseContainer("orders")
	static final CockroachContainer CONTAINER = new CockroachContainer(Image.COCKROACHDB.get());

	CockroachDbContainerTests() {
		super("cockroachdb");
	}

}
