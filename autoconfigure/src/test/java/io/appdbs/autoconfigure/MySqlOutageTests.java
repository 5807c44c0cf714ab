package io.appdbs.autoconfigure;

/**
 * Tests for outages that the driver of MySQL sees; the server is a MariaDB.
 */
class MySqlOutageTests extends OutageContractTests {

	MySqlOutageTests() {
		super("mysql", "mariadb");
	}

}
