package io.appdbs.jdbc.pool;

import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverProperties}.
 */
class DriverPropertiesTests {

	private static final String URL = "postgresql://db.internal/orders";

	@Test
	void whenNothingIsSetThenOnlyConnectingIsLimited() {
		DatabaseDefinition definition = Definitions.of("orders", URL);
		assertThat(DriverProperties.forApplication(definition, definition.connectionDetails().get()))
			.containsOnlyKeys("connectTimeout", "loginTimeout")
			.containsEntry("connectTimeout", "10");
	}

	@Test
	void whenStatementsAreLimitedThenWaitingForAnAnswerIsToo() {
		DatabaseDefinition definition = Definitions.of("orders", URL, "statement-timeout", "30s");
		assertThat(DriverProperties.forApplication(definition, definition.connectionDetails().get()))
			.containsEntry("options", "-c statement_timeout=30000")
			.containsEntry("socketTimeout", "40");
		assertThat(DriverProperties.of(definition, definition.connectionDetails().get())).doesNotContainKeys("options",
				"socketTimeout");
	}

	@Test
	void whenTheUrlLimitsWaitingForAnAnswerThenThatHolds() {
		DatabaseDefinition definition = Definitions.of("orders", URL + "?socketTimeout=300", "statement-timeout",
				"30s");
		assertThat(DriverProperties.forApplication(definition, definition.connectionDetails().get()))
			.containsEntry("socketTimeout", "300");
	}

	@Test
	void propertiesOfHikariWin() {
		DatabaseDefinition definition = Definitions.of("orders", URL + "?socketTimeout=300", "statement-timeout", "30s",
				"hikari.data-source-properties.socketTimeout", "7", "pool.connect-timeout", "3s");
		assertThat(DriverProperties.forApplication(definition, definition.connectionDetails().get()))
			.containsEntry("socketTimeout", "7")
			.containsEntry("connectTimeout", "3");
	}

	@Test
	void theLoginOfTheSettingsWinsOverThatOfTheUrl() {
		DatabaseDefinition definition = Definitions.of("orders", "postgresql://other:x@db.internal/orders", "username",
				"app", "password", "s3cr3t");
		assertThat(DriverProperties.of(definition, definition.connectionDetails().get())).containsEntry("user", "app")
			.containsEntry("password", "s3cr3t");
	}

}
