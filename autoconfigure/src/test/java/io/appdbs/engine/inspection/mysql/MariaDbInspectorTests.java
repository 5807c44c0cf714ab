package io.appdbs.engine.inspection.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.appdbs.embedded.InstrumentedMariaDb;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;
import io.appdbs.inspection.TableReport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MariaDbInspector} on a server whose performance schema is on.
 */
class MariaDbInspectorTests extends MySqlInspectorContractTests {

	private static InstrumentedMariaDb server;

	@BeforeAll
	static void startServer() throws Exception {
		server = new InstrumentedMariaDb();
	}

	@AfterAll
	static void stopServer() throws Exception {
		server.close();
	}

	@Override
	AbstractMySqlInspector create(MySqlChecks.Thresholds thresholds) {
		return new MariaDbInspector(thresholds);
	}

	@Override
	String url() {
		return "jdbc:mariadb://" + server.address() + "/";
	}

	@Override
	String parameters() {
		return "";
	}

	@Override
	String setDefaultRole(String role, String user) {
		return "SET DEFAULT ROLE " + role + " FOR " + user;
	}

	/**
	 * Locks of tables are not reported unless a plugin or an instrument is on.
	 */
	@Override
	String blockersOfTable(Connection holder) {
		return "a session that has ended meanwhile, or that has a lock which the server does not report.";
	}

	@Override
	String[] duplicates() {
		return new String[] { "duplicate-index:customer.name_2", "duplicate-index:customer.key_2" };
	}

	@Override
	String allowReferenceToNonUniqueKey() {
		return "SELECT 1";
	}

	@Override
	String limitQuery() {
		return "SELECT CONCAT_WS(' ', @@max_statement_time, @@lock_wait_timeout, @@innodb_lock_wait_timeout, @@time_zone)";
	}

	@Override
	String expectedLimits() {
		return "1.500000 0 0 SYSTEM";
	}

	@Test
	void sequencesAreInspectedAndAreNoTables() throws SQLException {
		execute("CREATE SEQUENCE few MAXVALUE 100 START 95", "CREATE SEQUENCE many",
				"CREATE SEQUENCE again MAXVALUE 100 START 95 CYCLE",
				"CREATE SEQUENCE down MINVALUE 1 MAXVALUE 100 START 5 INCREMENT -1");
		assertThat(as("app", check("sequence-exhausted"))).containsExactly(Finding.of("sequence-exhausted",
				Severity.WARN, "down", null, "95 % of the numbers are used: 95 of 100.",
				"Change the maximum of the sequence, and the columns that take its numbers, before they run out."),
				Finding.of("sequence-exhausted", Severity.WARN, "few", null, "94 % of the numbers are used: 94 of 100.",
						"Change the maximum of the sequence, and the columns that take its numbers, before they run out."));
		List<TableReport> tables = as("monitor", inspector()::readTables).value();
		assertThat(tables).extracting(TableReport::name).containsExactly("customer", "purchase");
		assertThat(as("app", check("table-without-primary-key"))).isEmpty();
	}

}
