package io.appdbs.engine.inspection.mysql;

import java.sql.Connection;
import java.sql.SQLException;

import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Tests for {@link MySqlInspector} on a server of MySQL, whose user {@code root} has no
 * password, such as {@code localhost:3306}. There is no embedded one.
 */
@EnabledIfEnvironmentVariable(named = "APPDBS_MYSQL_SERVER", matches = ".+",
		disabledReason = "APPDBS_MYSQL_SERVER does not name the host and the port of a server of MySQL")
class MySqlInspectorTests extends MySqlInspectorContractTests {

	@Override
	AbstractMySqlInspector create(MySqlChecks.Thresholds thresholds) {
		return new MySqlInspector(thresholds);
	}

	@Override
	String url() {
		return "jdbc:mysql://" + System.getenv("APPDBS_MYSQL_SERVER") + "/";
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
