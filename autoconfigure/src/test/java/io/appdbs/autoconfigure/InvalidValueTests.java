package io.appdbs.autoconfigure;

import org.junit.jupiter.api.Test;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of values that cannot be meant.
 */
class InvalidValueTests {

	@Test
	void whenDurationIsUnreadableThenExamplesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        acquire-timeout: 10 parsecs
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.acquire-timeout' is '10 parsecs', which is not a \
				duration.

				    Origin: Byte array resource [application.yml] - 6:26

				Action:

				Write for example 500ms, 30s or 5m.
				""");
	}

	@Test
	void whenNumberIsUnreadableThenAnExampleIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        max-size: many
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.max-size' is 'many', which is not a whole number.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Write a whole number, for example 10.
				""");
	}

	@Test
	void whenBooleanIsUnreadableThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      read-only: maybe
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.read-only' is 'maybe', which is neither true nor false.

				    Origin: Byte array resource [application.yml] - 5:18

				Action:

				Write true or false.
				""");
	}

	@Test
	void whenBooleanIsEmptyThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      primary:
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.primary' is '', which is neither true nor false.

				    Origin: Byte array resource [application.yml] - 5:15

				Action:

				Write true or false.
				""");
	}

	@Test
	void whenDefaultIsUnreadableThenItIsToldOnce() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    pool:
				      max-size: many
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				    audit:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				'app.dbs-defaults.pool.max-size' is 'many', which is not a whole number.

				    Origin: Byte array resource [application.yml] - 4:17

				Action:

				Write a whole number, for example 10.
				""");
	}

	@Test
	void whenHikariAliasIsUnreadableThenItIsNamedAsWritten() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hikari:
				        maximum-pool-size: many
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.maximum-pool-size' is 'many', which is not a whole \
				number.

				    Origin: Byte array resource [application.yml] - 6:28

				Action:

				Write a whole number, for example 10.
				""");
	}

	@Test
	void whenHikariPropertyIsUnreadableThenAnExampleIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hikari:
				        initialization-fail-timeout: 10s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.initialization-fail-timeout' is '10s', which is not a \
				whole number.

				    Origin: Byte array resource [application.yml] - 6:38

				Action:

				Write a whole number, for example 10.
				""");
	}

	@Test
	void whenPlaceholderCannotBeResolvedThenItIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://app:s3cr3t@localhost/orders
				      password: ${ORDERS_PASSWORD}
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.password' refers to '${ORDERS_PASSWORD}', which cannot be \
				resolved.

				    Origin: Byte array resource [application.yml] - 5:17

				Action:

				Set the environment variable or property 'ORDERS_PASSWORD', or write a default: \
				'${ORDERS_PASSWORD:...}'.
				""");
	}

	@Test
	void whenPlaceholderOfDriverPropertyCannotBeResolvedThenItIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hikari:
				        data-source-properties:
				          sslpassword: ${SSL_PASSWORD}
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.data-source-properties.sslpassword' refers to \
				'${SSL_PASSWORD}', which cannot be resolved.

				    Origin: Byte array resource [application.yml] - 7:24

				Action:

				Set the environment variable or property 'SSL_PASSWORD', or write a default: \
				'${SSL_PASSWORD:...}'.
				""");
	}

	@Test
	void whenMaxSizeIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        max-size: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.max-size' is '0', but a pool holds at least one \
				connection.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Write 1 or more.
				""");
	}

	@Test
	void whenMinSizeIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        min-size: -1
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.min-size' is '-1', but must not be negative.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Write 0 or more.
				""");
	}

	@Test
	void whenMinSizeExceedsMaxSizeThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        min-size: 6
				        max-size: 5
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.min-size' is '6', which is more than \
				'app.dbs.orders.pool.max-size', which is '5'.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Lower 'app.dbs.orders.pool.min-size' or raise 'app.dbs.orders.pool.max-size'.
				""");
	}

	@Test
	void whenMinSizeExceedsDefaultMaxSizeThenThatIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        min-size: 11
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.min-size' is '11', which is more than the 10 that \
				'app.dbs.orders.pool.max-size' is by default.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Lower 'app.dbs.orders.pool.min-size' or raise 'app.dbs.orders.pool.max-size'.
				""");
	}

	@Test
	void whenMinSizeExceedsDefaultMaxSizeOfMongoThenThatIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: mongodb://localhost/orders
				      pool:
				        min-size: 101
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.min-size' is '101', which is more than the 100 that \
				'app.dbs.orders.pool.max-size' is by default.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Lower 'app.dbs.orders.pool.min-size' or raise 'app.dbs.orders.pool.max-size'.
				""");
	}

	@Test
	void whenMinSizeExceedsMaxSizeOfDefaultsThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    pool:
				      max-size: 5
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        min-size: 6
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.min-size' is '6', which is more than \
				'app.dbs-defaults.pool.max-size', which is '5'.

				    Origin: Byte array resource [application.yml] - 9:19

				Action:

				Lower 'app.dbs.orders.pool.min-size' or raise 'app.dbs-defaults.pool.max-size'.
				""");
	}

	@Test
	void whenAcquireTimeoutIsShorterThanHikariAllowsThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        acquire-timeout: 100ms
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.acquire-timeout' is '100ms', but must be at least 250ms.

				    Origin: Byte array resource [application.yml] - 6:26

				Action:

				Write 250ms or more.
				""");
	}

	@Test
	void whenAcquireTimeoutIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: mongodb://localhost/orders
				      pool:
				        acquire-timeout: -1s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.acquire-timeout' is '-1s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:26

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenConnectTimeoutIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        connect-timeout: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.connect-timeout' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:26

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenMaxLifetimeIsShorterThanHikariAllowsThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        max-lifetime: 29s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.max-lifetime' is '29s', but must be at least 30s.

				    Origin: Byte array resource [application.yml] - 6:23

				Action:

				Write 30s or more, or 0 to switch it off.
				""");
	}

	@Test
	void whenMaxIdleTimeIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        max-idle-time: -1m
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.max-idle-time' is '-1m', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:24

				Action:

				Write 1ms or more, or 0 to switch it off.
				""");
	}

	@Test
	void whenMaxIdleTimeIsShorterThanHikariAllowsThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        min-size: 1
				        max-idle-time: 9s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.max-idle-time' is '9s', but must be at least 10s.

				    Origin: Byte array resource [application.yml] - 7:24

				Action:

				Write 10s or more, or 0 to switch it off.
				""");
	}

	@Test
	void whenMaxIdleTimeExceedsMaxLifetimeThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        min-size: 1
				        max-idle-time: 5m
				        max-lifetime: 5m
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.max-idle-time' is '5m', but a connection lives only 5m \
				('app.dbs.orders.pool.max-lifetime').

				    Origin: Byte array resource [application.yml] - 7:24

				Action:

				Write at most 299s, or raise 'app.dbs.orders.pool.max-lifetime'.
				""");
	}

	@Test
	void whenKeepaliveIsShorterThanHikariAllowsThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        keepalive: 10s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.keepalive' is '10s', but must be at least 30s.

				    Origin: Byte array resource [application.yml] - 6:20

				Action:

				Write 30s or more, or 0 to switch it off.
				""");
	}

	@Test
	void whenKeepaliveExceedsDefaultMaxLifetimeThenThatIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        keepalive: 30m
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.keepalive' is '30m', but a connection lives only 30m \
				where 'pool.max-lifetime' is not set.

				    Origin: Byte array resource [application.yml] - 6:20

				Action:

				Write at most 1799s, or raise 'app.dbs.orders.pool.max-lifetime'.
				""");
	}

	@Test
	void whenKeepaliveOfMongoIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: mongodb://localhost/orders
				      pool:
				        keepalive: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.keepalive' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:20

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenLeakThresholdIsShorterThanHikariAllowsThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        leak-threshold: 1s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.leak-threshold' is '1s', but must be at least 2s.

				    Origin: Byte array resource [application.yml] - 6:25

				Action:

				Write 2s or more, or 0 to switch it off.
				""");
	}

	@Test
	void whenLeakThresholdExceedsMaxLifetimeThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        leak-threshold: 2m
				        max-lifetime: 1m
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.leak-threshold' is '2m', but a connection lives only 1m \
				('app.dbs.orders.pool.max-lifetime').

				    Origin: Byte array resource [application.yml] - 6:25

				Action:

				Write at most 1m, or raise 'app.dbs.orders.pool.max-lifetime'.
				""");
	}

	@Test
	void whenValidationTimeoutIsShorterThanHikariAllowsThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hikari:
				        validation-timeout: 100
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.validation-timeout' is '100', but must be at least \
				250 (milliseconds).

				    Origin: Byte array resource [application.yml] - 6:29

				Action:

				Write 250 or more.
				""");
	}

	@Test
	void whenStatementTimeoutIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      statement-timeout: -5s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.statement-timeout' is '-5s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 5:26

				Action:

				Write 1ms or more, or leave it out for no limit.
				""");
	}

	@Test
	void whenPoolAndHikariContradictEachOtherThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        max-lifetime: 10m
				      hikari:
				        max-lifetime: 60000
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.max-lifetime' and 'app.dbs.orders.hikari.max-lifetime' \
				are the same setting, but have different values: '10m' and '60000'.

				    Origin: Byte array resource [application.yml] - 6:23

				Action:

				Remove 'app.dbs.orders.hikari.max-lifetime'.
				""");
	}

}
