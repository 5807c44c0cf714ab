package io.appdbs.lifecycle;

import java.time.Duration;

/**
 * Tests for outages of PostgreSQL.
 */
class PostgreSqlOutageTests extends OutageContractTests {

	PostgreSqlOutageTests() {
		super("postgresql", "postgresql", Duration.ofMillis(500));
	}

}
