package io.appdbs.autoconfigure;

/**
 * Tests for outages of PostgreSQL.
 */
class PostgreSqlOutageTests extends OutageContractTests {

	PostgreSqlOutageTests() {
		super("postgresql", "postgresql");
	}

}
