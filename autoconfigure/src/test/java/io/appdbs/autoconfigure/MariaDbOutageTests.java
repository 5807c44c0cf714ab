package io.appdbs.autoconfigure;

import java.time.Duration;

/**
 * Tests for outages of MariaDB.
 */
class MariaDbOutageTests extends OutageContractTests {

	MariaDbOutageTests() {
		super("mariadb", "mariadb", Duration.ofMillis(250));
	}

}
