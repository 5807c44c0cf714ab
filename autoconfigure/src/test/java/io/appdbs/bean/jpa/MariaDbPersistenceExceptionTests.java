package io.appdbs.bean.jpa;

/**
 * Tests for exceptions of a persistence unit on MariaDB.
 */
class MariaDbPersistenceExceptionTests extends PersistenceExceptionContractTests {

	MariaDbPersistenceExceptionTests() {
		super("mariadb", "SELECT SLEEP(60) FROM information_schema.tables");
	}

}
