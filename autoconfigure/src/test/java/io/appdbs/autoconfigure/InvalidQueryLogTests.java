package io.appdbs.autoconfigure;

import org.junit.jupiter.api.Test;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of settings of the query log that cannot be meant.
 */
class InvalidQueryLogTests {

	@Test
	void whenSlowQueryThresholdIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      slow-query-threshold: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.slow-query-threshold' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 5:29

				Action:

				Write 1ms or more, or set 'query-log' to true for a log of all queries.
				""");
	}

	@Test
	void whenSlowQueryThresholdOfTheDefaultsIsNegativeThenItIsRefusedOnce() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    slow-query-threshold: -1s
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				    catalog:
				      url: mongodb://localhost/catalog
				""")).isEqualTo("""
				Description:

				'app.dbs-defaults.slow-query-threshold' is '-1s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 3:27

				Action:

				Write 1ms or more, or set 'query-log' to true for a log of all queries.
				""");
	}

	@Test
	void whenSlowQueryThresholdIsNoDurationThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      slow-query-threshold: soon
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.slow-query-threshold' is 'soon', which is not a duration.

				    Origin: Byte array resource [application.yml] - 5:29

				Action:

				Write for example 500ms, 30s or 5m.
				""");
	}

	@Test
	void whenParametersAreAskedForWithoutALogThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      query-log-parameters: true
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.query-log-parameters' is 'true', but no queries are logged.

				    Origin: Byte array resource [application.yml] - 5:29

				Action:

				Set 'app.dbs.orders.query-log' to true or 'app.dbs.orders.slow-query-threshold' to a duration as \
				well, or remove 'app.dbs.orders.query-log-parameters'.
				""");
	}

	@Test
	void whenTheDefaultsAskForParametersThenADatabaseNeedNotLog() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    query-log-parameters: true
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      query-log: maybe
				    audit:
				      url: postgresql://localhost/audit
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.query-log' is 'maybe', which is neither true nor false.

				    Origin: Byte array resource [application.yml] - 7:18

				Action:

				Write true or false.
				""");
	}

}
