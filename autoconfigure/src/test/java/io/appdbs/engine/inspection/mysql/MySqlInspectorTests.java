package io.appdbs.engine.inspection.mysql;

import java.sql.Connection;
import java.sql.SQLException;

import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresMySql;

/**
 * Tests for {@link MySqlInspector} on MySQL.
 */
@RequiresMySql
class MySqlInspectorTests extends MySqlInspectorContractTests {

	@Override
	AbstractMySqlInspector create(MySqlChecks.Thresholds thresholds) {
		return new MySqlInspector(thresholds);
	}

	@Override
	String url() {
		return "jdbc:mysql://" + RealServers.mySql().getAddress() + "/";
	}

	@Override
	String parameters() {
		return "&sslMode=DISABLED&allowPublicKeyRetrieval=true";
	}

	@Override
	String setDefaultRole(String role, String user) {
		return "SET DEFAULT ROLE " + role + " TO " + user;
	}

	@Override
	String blockersOfTable(Connection holder) {
		try {
			return query(holder, "SELECT CONNECTION_ID()") + ".";
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	String[] duplicates() {
		return new String[] { "duplicate-index:customer.name_2", "duplicate-index:customer.key_2" };
	}

	@Override
	String allowReferenceToNonUniqueKey() {
		return "SET SESSION restrict_fk_on_non_standard_key = OFF";
	}

	@Override
	String limitQuery() {
		return "SELECT CONCAT_WS(' ', @@max_execution_time, @@lock_wait_timeout, @@innodb_lock_wait_timeout, @@time_zone)";
	}

	@Override
	String expectedLimits() {
		return "1500 1 1 SYSTEM";
	}

}
