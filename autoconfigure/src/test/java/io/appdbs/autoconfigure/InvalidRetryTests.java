package io.appdbs.autoconfigure;

import org.junit.jupiter.api.Test;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of values of {@code retry} that cannot be meant.
 */
class InvalidRetryTests {

	@Test
	void whenThereIsNoAttemptThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        max-attempts: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.max-attempts' is '0', but there is at least one \
				attempt.

				    Origin: Byte array resource [application.yml] - 6:23

				Action:

				Write 1 or more. With 1 there is no further attempt.
				""");
	}

	@Test
	void whenTheNumberOfAttemptsIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        max-attempts: -3
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.max-attempts' is '-3', but there is at least one \
				attempt.

				    Origin: Byte array resource [application.yml] - 6:23

				Action:

				Write 1 or more. With 1 there is no further attempt.
				""");
	}

	@Test
	void whenTheInitialDelayIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        initial-delay: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.initial-delay' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:24

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenTheInitialDelayIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        initial-delay: -5ms
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.initial-delay' is '-5ms', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:24

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenTheLongestDelayIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        max-delay: -1s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.max-delay' is '-1s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:20

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenTheLongestDelayIsShorterThanTheFirstThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        initial-delay: 20ms
				        max-delay: 10ms
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.max-delay' is '10ms', which is shorter than \
				'app.dbs.orders.retry.initial-delay', which is '20ms'.

				    Origin: Byte array resource [application.yml] - 7:20

				Action:

				Raise 'app.dbs.orders.retry.max-delay' or lower 'app.dbs.orders.retry.initial-delay'.
				""");
	}

	@Test
	void whenTheLongestDelayIsShorterThanTheDefaultOfTheFirstThenThatIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        max-delay: 2ms
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.max-delay' is '2ms', which is shorter than the 5ms \
				that 'app.dbs.orders.retry.initial-delay' is by default.

				    Origin: Byte array resource [application.yml] - 6:20

				Action:

				Raise 'app.dbs.orders.retry.max-delay' or lower 'app.dbs.orders.retry.initial-delay'.
				""");
	}

	@Test
	void whenTheFirstDelayIsLongerThanTheDefaultOfTheLongestThenThatIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        initial-delay: 2s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.initial-delay' is '2s', which is longer than the 1s \
				that 'app.dbs.orders.retry.max-delay' is by default.

				    Origin: Byte array resource [application.yml] - 6:24

				Action:

				Raise 'app.dbs.orders.retry.max-delay' or lower 'app.dbs.orders.retry.initial-delay'.
				""");
	}

	@Test
	void whenTheTimeoutIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        timeout: 0s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.timeout' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:18

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenDelaysWouldBecomeShorterThenThatIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        multiplier: 0.5
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.multiplier' is '0.5', but delays do not become \
				shorter.

				    Origin: Byte array resource [application.yml] - 6:21

				Action:

				Write 1 or more, such as 2.
				""");
	}

	@Test
	void whenAnSqlStateIsNoneThenItIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      retry:
				        on-sql-states:
				          - "23505"
				          - duplicate
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.on-sql-states[1]' is 'duplicate', which is no \
				SQLState.

				    Origin: Byte array resource [application.yml] - 8:13

				Action:

				Write its five digits and letters, in quotes: "23505".
				""");
	}

	@Test
	void whenADatabaseWithoutTransactionsHasRetryThenThatIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: embedded:mongodb
				      retry:
				        enabled: true
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.retry.enabled' is 'true', but MongoDB has no transactions \
				where it is embedded.

				    Origin: Byte array resource [application.yml] - 6:18

				Action:

				Remove 'app.dbs.orders.retry.enabled'.
				""");
	}

	@Test
	void whenADefaultIsWrongThenItIsToldOnce() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    retry:
				      max-attempts: 0
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				    audit:
				      url: postgresql://localhost/audit
				""")).isEqualTo("""
				Description:

				'app.dbs-defaults.retry.max-attempts' is '0', but there is at least one attempt.

				    Origin: Byte array resource [application.yml] - 4:21

				Action:

				Write 1 or more. With 1 there is no further attempt.
				""");
	}

}
