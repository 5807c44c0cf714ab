package io.appdbs.privilege;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrivilegeVerification} with MariaDB.
 */
class MariaDbPrivilegesTests extends AbstractMySqlPrivilegesTests {

	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static String address;

	@BeforeAll
	static void start() {
		String url = servers.getUrl("embedded:mariadb", "test_privileges");
		address = url.substring(url.indexOf('@') + 1, url.lastIndexOf('/'));
	}

	@AfterAll
	static void stop() {
		servers.close();
	}

	@Override
	void execute(String... statements) throws SQLException {
		try (Connection connection = DriverManager
			.getConnection("jdbc:mariadb://%s/test_privileges?user=root&allowMultiQueries=true".formatted(address));
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	@Override
	String url(String login, String database) {
		return "mariadb://%s:secret-password@%s/%s".formatted(login, address, database);
	}

	@Override
	Map<String, String> words() {
		return Map.of("{ADMIN}", "BINLOG ADMIN", "{HISTORY}", ", DELETE HISTORY", "{FOR}", "FOR", "{r}", "`{role}`");
	}

	@Test
	void whenPublicMayUseATableThenThatIsFoundAndFixed() throws SQLException {
		execute("CREATE DATABASE open_shop", "CREATE TABLE open_shop.orders (id int)", "CREATE USER open_app@'%'",
				"GRANT INSERT ON open_shop.orders TO open_app@'%'",
				"GRANT SELECT, DROP, ALTER ON open_shop.orders TO PUBLIC");
		String url = "mariadb://open_app@%s/open_shop".formatted(address);
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url))).containsExactly(
				"[public-may-use] open_shop.orders: like every other login, may use it. => REVOKE SELECT ON `open_shop`.`orders` FROM PUBLIC;",
				"[may-truncate] open_shop.orders: may drop and truncate it. => REVOKE DROP ON `open_shop`.`orders` FROM PUBLIC;",
				"[changes-schema] open_shop.orders: has ALTER there. => REVOKE ALTER ON `open_shop`.`orders` FROM PUBLIC;");
		execute("REVOKE SELECT ON `open_shop`.`orders` FROM PUBLIC", "REVOKE DROP ON `open_shop`.`orders` FROM PUBLIC",
				"REVOKE ALTER ON `open_shop`.`orders` FROM PUBLIC");
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url))).isEqualTo(List.of());
	}

}
