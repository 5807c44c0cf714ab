package io.appdbs.sample;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * The shop as a developer starts it, in this JVM.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ShopTests extends AbstractShopTests {

	@LocalServerPort
	private int port;

	@Override
	int port() {
		return this.port;
	}

}
