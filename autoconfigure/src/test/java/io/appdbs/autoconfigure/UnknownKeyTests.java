package io.appdbs.autoconfigure;

import org.junit.jupiter.api.Test;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of keys that nothing reads.
 */
class UnknownKeyTests {

	@Test
	void whenKeyIsUnknownThenNearestAndKnownKeysAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool:
				        max-sise: 5
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.max-sise' is not a known key.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Did you mean 'max-size'? Known keys: min-size, max-size, acquire-timeout, connect-timeout, \
				max-lifetime, max-idle-time, keepalive, leak-threshold, on-session-change.
				""");
	}

	@Test
	void whenKeyOfDefaultsIsUnknownThenNearestAndKnownKeysAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    usrname: app
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				""")).isEqualTo(
				"""
						Description:

						'app.dbs-defaults.usrname' is not a known key.

						    Origin: Byte array resource [application.yml] - 3:14

						Action:

						Did you mean 'username'? Known keys: engine, username, password, credentials, enabled, required, \
						read-only, create-database, statement-timeout, lock-timeout, idle-in-transaction-timeout, pool, hikari, \
						flyway, startup, health, rls, retry, replica-reads, query-log, query-log-parameters, slow-query-threshold.
						""");
	}

	@Test
	void whenKeyIsLikeNoneThenKnownKeysAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      replicas-of-something: audit
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas-of-something' is not a known key.

				    Origin: Byte array resource [application.yml] - 5:30

				Action:

				Known keys: url, engine, username, password, credentials, enabled, primary, \
				required, read-only, create-database, statement-timeout, lock-timeout, idle-in-transaction-timeout, \
				pool, hikari, flyway, startup, health, rls, retry, replicas, replica-reads, query-log, \
				query-log-parameters, slow-query-threshold.
				""");
	}

	@Test
	void whenKeyIsBelowAValueThenThatIsSaid() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      username:
				        name: app
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.username.name' is not a known key: 'app.dbs.orders.username' \
				is a value and has no keys below it.

				    Origin: Byte array resource [application.yml] - 6:15

				Action:

				Remove it, or check its indentation.
				""");
	}

	@Test
	void whenGroupHasAValueThenThatIsSaid() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      pool: 5
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool' has a value of its own, but is a group of keys.

				    Origin: Byte array resource [application.yml] - 5:13

				Action:

				Move the value to one of the keys below 'app.dbs.orders.pool'.
				""");
	}

	@Test
	void whenUnknownKeyIsAListThenItIsToldOnce() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hosts: [one, two]
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hosts' is not a known key.

				    Origin: Byte array resource [application.yml] - 5:15

				Action:

				Known keys: url, engine, username, password, credentials, enabled, primary, \
				required, read-only, create-database, statement-timeout, lock-timeout, idle-in-transaction-timeout, \
				pool, hikari, flyway, startup, health, rls, retry, replicas, replica-reads, query-log, \
				query-log-parameters, slow-query-threshold.
				""");
	}

	@Test
	void whenDefaultIsUrlThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    url: jdbc:h2:mem:orders
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				'app.dbs-defaults.url' is not allowed: every database has a URL of its own.

				    Origin: Byte array resource [application.yml] - 3:10

				Action:

				Move it to the database that it is meant for, below 'app.dbs'.
				""");
	}

	@Test
	void whenDefaultIsPrimaryThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    primary: true
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				'app.dbs-defaults.primary' is not allowed: at most one database of a kind is primary.

				    Origin: Byte array resource [application.yml] - 3:14

				Action:

				Move it to the database that it is meant for, below 'app.dbs'.
				""");
	}

	@Test
	void whenHikariPropertyIsUnknownThenNearestAndKnownOnesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hikari:
				        autocomit: false
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.autocomit' is not a known key.

				    Origin: Byte array resource [application.yml] - 6:20

				Action:

				Did you mean 'auto-commit'? Known keys: allow-pool-suspension, auto-commit, catalog, \
				connection-init-sql, connection-test-query, connection-timeout, data-source-properties.*, \
				exception-override-class-name, health-check-properties.*, idle-timeout, \
				initialization-fail-timeout, isolate-internal-queries, keepalive-time, \
				leak-detection-threshold, max-lifetime, maximum-pool-size, minimum-idle, register-mbeans, \
				schema, transaction-isolation, validation-timeout.
				""");
	}

	@Test
	void whenHikariPropertyIsSplitAtAHyphenThenItIsUnknown() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hikari:
				        auto:
				          commit: false
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.auto.commit' is not a known key.

				    Origin: Byte array resource [application.yml] - 7:19

				Action:

				Did you mean 'auto-commit'? Known keys: allow-pool-suspension, auto-commit, catalog, \
				connection-init-sql, connection-test-query, connection-timeout, data-source-properties.*, \
				exception-override-class-name, health-check-properties.*, idle-timeout, \
				initialization-fail-timeout, isolate-internal-queries, keepalive-time, \
				leak-detection-threshold, max-lifetime, maximum-pool-size, minimum-idle, register-mbeans, \
				schema, transaction-isolation, validation-timeout.
				""");
	}

	@Test
	void whenHikariPropertyHasAKeyOfItsOwnThenThatIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hikari:
				        jdbcUrl: jdbc:h2:mem:orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.jdbcUrl' is set by AppDBs itself.

				    Origin: Byte array resource [application.yml] - 6:18

				Action:

				Use 'app.dbs.orders.url' instead.
				""");
	}

	@Test
	void whenHikariPropertyIsSetByTheLibraryThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      hikari:
				        pool-name: mine
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.pool-name' is set by AppDBs itself.

				    Origin: Byte array resource [application.yml] - 6:20

				Action:

				Remove it.
				""");
	}

	@Test
	void whenDefaultOfHikariIsUnknownThenNearestAndKnownOnesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    hikari:
				      shema: x
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				""")).isEqualTo("""
				Description:

				'app.dbs-defaults.hikari.shema' is not a known key.

				    Origin: Byte array resource [application.yml] - 4:14

				Action:

				Did you mean 'schema'? Known keys: allow-pool-suspension, auto-commit, catalog, \
				connection-init-sql, connection-test-query, connection-timeout, data-source-properties.*, \
				exception-override-class-name, health-check-properties.*, idle-timeout, \
				initialization-fail-timeout, isolate-internal-queries, keepalive-time, \
				leak-detection-threshold, max-lifetime, maximum-pool-size, minimum-idle, register-mbeans, \
				schema, transaction-isolation, validation-timeout.
				""");
	}

}
