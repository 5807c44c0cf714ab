package io.appdbs.lifecycle;

import java.time.Duration;

/**
 * Tests for outages that the driver of MySQL sees; the server is a MariaDB.
 */
class MySqlOutageTests extends OutageContractTests {

	MySqlOutageTests() {
		super("mysql", "mariadb", Duration.ofMillis(200));
	}

}
