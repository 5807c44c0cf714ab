package io.appdbs.bean.jpa;

import java.sql.SQLException;

import io.appdbs.testsupport.server.MySqlServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresMySql;

/**
 * Tests for exceptions of a persistence unit on MySQL.
 */
@RequiresMySql
class MySqlPersistenceExceptionTests extends PersistenceExceptionContractTests {

	MySqlPersistenceExceptionTests() {
		super((servers) -> createDatabase(), "SELECT SLEEP(60) FROM information_schema.tables");
	}

	private static String createDatabase() {
		MySqlServer server = RealServers.mySql();
		try {
			return server.getUrl(server.createDatabase("audit")).replace("//", "//root@");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
