package io.appdbs.engine;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the engine Vitess, without a server.
 */
class VitessEngineTests extends JdbcEngineContractTests {

	@Override
	JdbcEngine engine() {
		return (JdbcEngine) Engines.load(null).findById("vitess");
	}

	@Override
	List<String> plainUrls() {
		return List.of();
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of("vitess://app:" + MARKER + "@h/orders", "vitess://app@h/orders?password=" + MARKER);
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("clientCertificateKeyStorePassword",
				"vitess://h/orders?clientCertificateKeyStorePassword=" + MARKER);
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("sessionVariables", "max_execution_time=1500");
	}

	@Test
	void speaksThroughTheDriverOfMySql() {
		assertThat(engine().resolve("vitess://h1,h2:5/orders").url()).isEqualTo("jdbc:mysql://h1:3306,h2:5/orders");
		assertThat(engine().isSameProtocol(Engines.load(null).findById("mysql"))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "1213,CONFLICT", "1205,CONFLICT", "1105,OTHER", "1062,OTHER" })
	void classifiesFailures(int code, TransactionFailure expected) {
		assertThat(engine().classifyTransaction(new SQLException("failed", "HY000", code), List.of()))
			.isEqualTo(expected);
	}

	@Test
	void createsNoDatabasesAndHasNoLimits() {
		assertThat(engine().getMaintenanceConnectionDetails(engine().resolve("vitess://h/orders"))).isNull();
		assertThat(ServerTimeout.values()).noneMatch(engine()::isSupported);
		assertThat(engine().isReadOnlyEnforced()).isFalse();
	}

	@Test
	void isNeitherInspectedNorMaintained() {
		assertThat(engine().getReplication()).isNull();
		assertThat(engine().getPartitioning()).isNull();
		assertThat(engine().getMaintenanceOperations()).isEmpty();
		assertThat(engine().getGrantSyntax()).isNull();
	}

}
