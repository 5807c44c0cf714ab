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
class TiDbEngineTests extends DistributedMySqlEngineContractTests {

	TiDbEngineTests() {
		super("tidb", 4000);
	}

	@ParameterizedTest
	@CsvSource({ "9007,CONFLICT", "8002,CONFLICT", "8005,CONFLICT", "8022,CONFLICT", "8028,CONFLICT", "1213,CONFLICT",
			"1205,CONFLICT", "8004,OTHER", "8141,OTHER", "1062,OTHER" })
	void classifiesFailures(int code, TransactionFailure expected) {
		assertThat(engine().classifyTransaction(new SQLException("failed", "HY000", code), List.of()))
			.isEqualTo(expected);
	}

	@Test
	void theDriverMakesNoTransactionReadOnly() {
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

}
