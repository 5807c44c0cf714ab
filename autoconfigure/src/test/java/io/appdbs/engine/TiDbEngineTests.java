package io.appdbs.engine;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the engine TiDB, without a server.
 */
class TiDbEngineTests extends JdbcEngineContractTests {

	@Override
	JdbcEngine engine() {
		return (JdbcEngine) Engines.load(null).findById("tidb");
	}

	@Override
	List<String> plainUrls() {
		return List.of();
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of("tidb://app:" + MARKER + "@h/orders", "tidb://app@h/orders?password=" + MARKER);
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("clientCertificateKeyStorePassword",
				"tidb://h/orders?clientCertificateKeyStorePassword=" + MARKER);
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("sessionVariables", "max_execution_time=1500");
	}

	@Test
	void speaksThroughTheDriverOfMySql() {
		assertThat(engine().resolve("tidb://h1,h2:5/orders").url()).isEqualTo("jdbc:mysql://h1:4000,h2:5/orders");
		assertThat(engine().isSameProtocol(Engines.load(null).findById("mysql"))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "9007,CONFLICT", "8002,CONFLICT", "8005,CONFLICT", "8022,CONFLICT", "8028,CONFLICT", "1213,CONFLICT",
			"1205,CONFLICT", "8004,OTHER", "8141,OTHER", "1062,OTHER" })
	void classifiesFailures(int code, TransactionFailure expected) {
		assertThat(engine().classifyTransaction(new SQLException("failed", "HY000", code), List.of()))
			.isEqualTo(expected);
	}

	@Test
	void readOnlyTransactionsAreNotMadeSoByTheServer() {
		assertThat(engine().isReadOnlyEnforced()).isFalse();
		assertThat(engine().getReadOnlyQuery()).isNull();
		assertThat(engine().getDefaultProperties(engine().resolve("tidb://h/orders")))
			.isEqualTo(Map.of("readOnlyPropagatesToServer", "false"));
		assertThat(engine().getDefaultProperties(engine().resolve("tidb://h,g/orders")))
			.isEqualTo(Map.of("readOnlyPropagatesToServer", "false", "retriesAllDown", "4"));
	}

	@Test
	void theDriverKnowsTheProperty() throws Exception {
		DriverParameters parameters = engine().readParameters(engine().resolve("tidb://h/orders"), null);
		assertThat(parameters.contains("readOnlyPropagatesToServer")).isTrue();
		assertThat(parameters.contains("readOnlyPropagates")).isFalse();
	}

	@Test
	void createsDatabases() {
		assertThat(maintenanceUrl("tidb://h/orders")).isEqualTo("jdbc:mysql://h:4000/");
	}

	@Test
	void isNeitherInspectedNorMaintained() {
		assertThat(engine().getReplication()).isNull();
		assertThat(engine().getPartitioning()).isNull();
		assertThat(engine().getMaintenanceOperations()).isEmpty();
		assertThat(engine().getGrantSyntax()).isNull();
	}

}
