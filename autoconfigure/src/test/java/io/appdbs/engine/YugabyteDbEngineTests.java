package io.appdbs.engine;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the engine YugabyteDB, without a server.
 */
class YugabyteDbEngineTests extends JdbcEngineContractTests {

	@Override
	JdbcEngine engine() {
		return (JdbcEngine) Engines.load(null).findById("yugabytedb");
	}

	@Override
	List<String> plainUrls() {
		return List.of();
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of("yugabytedb://app:" + MARKER + "@h/orders", "yugabytedb://app@h/orders?password=" + MARKER);
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("sslpassword", "yugabytedb://h/orders?sslpassword=" + MARKER);
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("options", "-c statement_timeout=1500");
	}

	@Test
	void speaksThroughTheDriverOfPostgreSql() {
		assertThat(engine().resolve("yugabytedb://h1,h2:5/orders").url())
			.isEqualTo("jdbc:postgresql://h1:5433,h2:5/orders");
		assertThat(maintenanceUrl("yugabytedb://h/orders")).isEqualTo("jdbc:postgresql://h:5433/yugabyte");
	}

	@ParameterizedTest
	@CsvSource({ "40001,could not serialize access,CONFLICT", "40P01,deadlock detected,CONFLICT",
			"XX000,schema version mismatch for table 000033,CONFLICT",
			"XX000,The catalog snapshot: Catalog Version Mismatch: A DDL occurred,CONFLICT", "XX000,unexpected,OTHER",
			"23505,duplicate key,OTHER", "08006,I/O error,LOST", "57P01,terminating connection,LOST" })
	void classifiesFailures(String state, String message, TransactionFailure expected) {
		assertThat(engine().classifyTransaction(new SQLException(message, state), List.of())).isEqualTo(expected);
	}

	@Test
	void expectsRetriesAndHasNoLocksOrStatistics() throws SQLException {
		assertThat(engine().isTransactionRetryExpected()).isTrue();
		assertThat(engine().tryLock(null, "x")).isTrue();
		assertThat(engine().getReplication()).isNull();
		assertThat(engine().getClusterReader()).isNull();
		assertThat(engine().getMaintenanceOperations()).isEmpty();
		assertThat(engine().getGrantSyntax()).isNull();
	}

}
