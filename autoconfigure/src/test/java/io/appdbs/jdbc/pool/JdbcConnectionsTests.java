package io.appdbs.jdbc.pool;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.appdbs.jdbc.Definitions;
import io.appdbs.lifecycle.FailedLogins;
import io.appdbs.settings.DatabaseDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdbcConnections} and the engines' properties of a probe.
 */
class JdbcConnectionsTests {

	@Test
	void whenSettingsHaveALoginThenItWins() throws SQLException {
		DatabaseDefinition definition = Definitions.of("orders", "jdbc:h2:mem:login;USER=other;PASSWORD=x", "username",
				"app", "password", "s3cr3t");
		try (Connection connection = open(definition, Map.of())) {
			assertThat(connection.getMetaData().getUserName()).isEqualTo("APP");
		}
	}

	@Test
	void whenOnlyTheUrlHasALoginThenItIsUsed() throws SQLException {
		DatabaseDefinition definition = Definitions.of("orders", "jdbc:h2:mem:login2;USER=other;PASSWORD=x");
		try (Connection connection = open(definition, Map.of())) {
			assertThat(connection.getMetaData().getUserName()).isEqualTo("OTHER");
		}
	}

	@Test
	void extraPropertiesWinOverThoseOfHikari() throws SQLException {
		DatabaseDefinition definition = Definitions.of("orders", "jdbc:h2:mem:extra", "username", "app",
				"hikari.data-source-properties.QUERY_TIMEOUT", "111", "hikari.data-source-properties.LOCK_TIMEOUT",
				"222");
		try (Connection connection = open(definition, Map.of("QUERY_TIMEOUT", "4000"))) {
			try (var rows = connection.createStatement()
				.executeQuery("SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
						+ " WHERE SETTING_NAME = 'QUERY_TIMEOUT' UNION ALL VALUES (CAST(LOCK_TIMEOUT() AS VARCHAR))")) {
				assertThat(rows.next()).isTrue();
				assertThat(rows.getString(1)).isEqualTo("4000");
				assertThat(rows.next()).isTrue();
				assertThat(rows.getString(1)).isEqualTo("222");
			}
		}
	}

	@Test
	void whenTheDriverDoesNotKnowTheUrlThenTheErrorNamesBoth() {
		DatabaseDefinition h2 = Definitions.of("orders", "jdbc:h2:mem:x");
		DatabaseDefinition other = Definitions.of("orders", "postgresql://app:s3cr3t@localhost/orders");
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> JdbcConnections.open(h2, other.connectionDetails().get(), Map.of()))
			.withMessage("The driver org.h2.Driver does not accept the URL 'jdbc:postgresql://localhost:5432/orders'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql://localhost:%d/orders", "mysql://localhost:%d/orders",
			"mariadb://localhost:%d/orders", "postgresql://localhost:%d/orders?socketTimeout=60&loginTimeout=60",
			"jdbc:mysql://localhost:%d/orders?sockettimeout=60000",
			"jdbc:mariadb://localhost:%d/orders?socketTimeout=60000" })
	@Timeout(value = 8, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void whenAServerAcceptsAndNeverAnswersThenOpeningAProbeEnds(String url) throws Exception {
		try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("localhost"))) {
			DatabaseDefinition definition = Definitions.of("orders", url.formatted(server.getLocalPort()), "username",
					"app");
			JdbcProbe probe = new JdbcProbe(definition, definition.connectionDetails().get(), new FailedLogins());
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> probe.open(Duration.ofMillis(900)));
		}
	}

	private static Connection open(DatabaseDefinition definition, Map<String, String> extraProperties)
			throws SQLException {
		return JdbcConnections.open(definition, definition.connectionDetails().get(), extraProperties);
	}

}
