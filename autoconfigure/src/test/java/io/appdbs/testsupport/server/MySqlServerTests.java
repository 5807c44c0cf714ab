package io.appdbs.testsupport.server;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MySqlServer}.
 */
@RequiresMySql
class MySqlServerTests {

	@Test
	void keepsItsDataIfItIsKilledAndRestarted() throws Exception {
		try (MySqlServer server = RealServers.startMySql()) {
			String name = server.createDatabase("shop");
			server.kill();
			assertThatExceptionOfType(SQLException.class).isThrownBy(server::connect);
			server.restart();
			assertThat(server.query("SHOW DATABASES LIKE '" + name + "'")).isEqualTo(name);
			assertThat(server.query("SELECT VERSION()")).startsWith("9.");
		}
	}

}
