package io.appdbs.engine;

import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the engine Vitess, without a server.
 */
class VitessEngineTests extends DistributedMySqlEngineContractTests {

	VitessEngineTests() {
		super("vitess", 3306);
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
	}

}
