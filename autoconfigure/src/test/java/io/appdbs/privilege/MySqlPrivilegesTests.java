package io.appdbs.privilege;

import java.sql.SQLException;
import java.util.Map;

import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresMySql;

/**
 * Tests for {@link PrivilegeVerification} with MySQL.
 */
@RequiresMySql
class MySqlPrivilegesTests extends AbstractMySqlPrivilegesTests {

	@Override
	void execute(String... statements) throws SQLException {
		for (String sql : statements) {
			RealServers.mySql().execute(sql.split("; "));
		}
	}

	@Override
	String url(String login, String database) {
		return "mysql://%s:secret-password@%s/%s?allowPublicKeyRetrieval=true".formatted(login,
				RealServers.mySql().getAddress(), database);
	}

	@Override
	Map<String, String> words() {
		return Map.of("{ADMIN}", "BINLOG_ADMIN", "{HISTORY}", "", "{FOR}", "TO", "{r}", "`{role}`@`%`");
	}

}
