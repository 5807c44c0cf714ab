package io.appdbs.autoconfigure;

import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of databases that cannot be connected to.
 */
class InvalidDatabaseTests {

	@Test
	void whenUrlIsMissingThenExamplesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      username: app
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' is missing.

				Action:

				Set it, for example to 'postgresql://localhost/orders', or to 'embedded:postgresql' for a \
				server that runs with the application.
				""");
	}

	@Test
	void whenUrlIsEmptyThenExamplesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: ""
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' is missing.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Set it, for example to 'postgresql://localhost/orders', or to 'embedded:postgresql' for a \
				server that runs with the application.
				""");
	}

	@Test
	void whenDatabaseIsEmptyThenUrlIsMissing() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' is missing.

				Action:

				Set it, for example to 'postgresql://localhost/orders', or to 'embedded:postgresql' for a \
				server that runs with the application.
				""");
	}

	@Test
	void whenSchemeIsUnknownThenNearestAndKnownSchemesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgre://app:s3cr3t@localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' has the unknown scheme 'postgre'.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Did you mean 'postgres'? Known schemes: cockroachdb, jdbc:h2, jdbc:mariadb, jdbc:mysql, \
				jdbc:postgresql, mariadb, mongodb, mongodb+srv, mysql, postgres, postgresql, embedded.
				""");
	}

	@Test
	void whenJdbcSchemeIsUnknownThenKnownSchemesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: jdbc:oracle:thin:app/s3cr3t@localhost
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' has the unknown scheme 'jdbc:oracle'.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Known schemes: cockroachdb, jdbc:h2, jdbc:mariadb, jdbc:mysql, jdbc:postgresql, mariadb, \
				mongodb, mongodb+srv, mysql, postgres, postgresql, embedded.
				""");
	}

	@Test
	void whenUrlHasNoSchemeThenUserIsNotTakenForOne() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: app:s3cr3t@localhost/orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' does not begin with a scheme.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Write it for example as 'postgresql://host/database'. Known schemes: cockroachdb, jdbc:h2, \
				jdbc:mariadb, jdbc:mysql, jdbc:postgresql, mariadb, mongodb, mongodb+srv, mysql, postgres, \
				postgresql, embedded.
				""");
	}

	@Test
	void whenUrlIsMalformedThenItsEngineSaysWhy() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://app:s3cr3t@localhost:port/orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' has a port that is not a number between 1 and 65535.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Correct the port. Where what follows the ':' is a password, add '@' and the host behind it.
				""");
	}

	@Test
	void whenMongoUrlNamesNoDatabaseThenAnExampleIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: mongodb://app:s3cr3t@localhost
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' names no database.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Add the name of the database after the hosts, in front of a '?', for example \
				mongodb://localhost/catalog.
				""");
	}

	@Test
	void whenEmbeddedEngineIsUnknownThenKnownOnesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: embedded:postgres
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' asks for an embedded server of an unknown engine: \
				'postgres'.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Use one of the embedded engines: h2, mariadb, mongodb, postgresql.
				""");
	}

	@Test
	void whenEngineIsUnknownThenNearestAndKnownOnesAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      engine: postgres
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.engine' is 'postgres', which is no known engine.

				    Origin: Byte array resource [application.yml] - 5:15

				Action:

				Did you mean 'postgresql'? Known engines: cockroachdb, h2, mariadb, mongodb, mysql, postgresql.
				""");
	}

	@Test
	void whenEngineContradictsUrlThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      engine: h2
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.engine' is 'h2', but 'app.dbs.orders.url' is a URL of \
				PostgreSQL.

				    Origin: Byte array resource [application.yml] - 5:15

				Action:

				Remove 'app.dbs.orders.engine', which the URL makes superfluous, or correct the URL.
				""");
	}

	@Test
	void whenUsernameDiffersFromUrlThenBothKeysAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://s3cr3t-user@localhost/orders
				      username: s3cr3t-other
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.username' and the URL 'app.dbs.orders.url' both have a \
				username, and they differ.

				    Origin: Byte array resource [application.yml] - 5:17

				Action:

				Remove 'app.dbs.orders.username', or the user information from the URL.
				""");
	}

	@Test
	void whenPasswordDiffersFromUrlThenBothKeysAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://app:s3cr3t@localhost/orders
				      password: s3cr3t2
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.password' and the URL 'app.dbs.orders.url' both have a \
				password, and they differ.

				    Origin: Byte array resource [application.yml] - 5:17

				Action:

				Remove 'app.dbs.orders.password', or the user information from the URL.
				""");
	}

	@Test
	void whenSeveralDatabasesArePrimaryThenAllAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      primary: true
				    audit:
				      url: postgresql://localhost/orders
				      primary: true
				""")).isEqualTo("""
				Description:

				Several relational databases are primary: orders, audit. At most one of a kind can be.

				Action:

				Keep one of 'app.dbs.orders.primary', 'app.dbs.audit.primary' and remove the others.
				""");
	}

	@Test
	void whenTwoMongoDatabasesArePrimaryThenTheMessageNamesTheKind() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      primary: true
				    catalog:
				      url: mongodb://localhost/catalog
				      primary: true
				    events:
				      url: mongodb://localhost/events
				      primary: true
				""")).isEqualTo("""
				Description:

				Several MongoDB databases are primary: catalog, events. At most one of a kind can be.

				Action:

				Keep one of 'app.dbs.catalog.primary', 'app.dbs.events.primary' and remove the others.
				""");
	}

	@Test
	void whenEngineDoesNotEnforceReadOnlyThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: jdbc:h2:mem:orders
				      read-only: true
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.read-only' is 'true', but H2 does not refuse to write on a \
				read-only connection.

				    Origin: Byte array resource [application.yml] - 5:18

				Action:

				Remove 'app.dbs.orders.read-only'.
				""");
	}

	@Test
	void whenEngineOfDefaultDoesNotEnforceReadOnlyThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    read-only: true
				  dbs:
				    orders:
				      url: jdbc:h2:mem:orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs-defaults.read-only' is 'true', but H2 does not refuse to write on a \
				read-only connection.

				    Origin: Byte array resource [application.yml] - 3:16

				Action:

				Move 'app.dbs-defaults.read-only' to the databases whose engine can do it.
				""");
	}

	@Test
	void whenMongoHasHikariPropertiesThenTheyAreRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: mongodb://localhost/orders
				      hikari:
				        maximum-pool-size: 5
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.hikari.maximum-pool-size' has no effect: MongoDB is not \
				connected to by HikariCP.

				    Origin: Byte array resource [application.yml] - 6:28

				Action:

				Remove it. The keys below 'app.dbs.orders.pool' apply to MongoDB too.
				""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "MAXIMUMPOOLSIZE", "MAXIMUM_POOL_SIZE", "SCHEMA" })
	void whenAVariableSetsAHikariPropertyOfMongoThenItIsRefused(String property) {
		String variable = "APP_DBS_ORDERARCHIVE_HIKARI_" + property;
		assertThat(failureOf(EnvironmentBuilder.yaml("""
				app:
				  dbs:
				    order-archive:
				      url: mongodb://localhost/orders
				""").variable(variable, "5").build(), null)).isEqualTo("""
				Description:

				Database 'order-archive': 'app.dbs.orderarchive.hikari.%s' has no effect: MongoDB is not \
				connected to by HikariCP.

				    Origin: "%s" from property source "systemEnvironment"

				Action:

				Remove it. The keys below 'app.dbs.order-archive.pool' apply to MongoDB too.
				""".formatted(property.toLowerCase(Locale.ROOT).replace('_', '.'), variable));
	}

	@Test
	void whenMongoHasALeakThresholdThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    catalog:
				      url: mongodb://localhost/catalog
				      pool:
				        leak-threshold: 1m
				""")).isEqualTo("""
				Description:

				Database 'catalog': 'app.dbs.catalog.pool.leak-threshold' has no effect: the driver of MongoDB \
				takes a connection per operation and gives it back.

				    Origin: Byte array resource [application.yml] - 6:25

				Action:

				Remove it. As a default, below 'app.dbs-defaults', it applies to the databases that have it.
				""");
	}

	@Test
	void whenMongoSaysWhatHappensToAChangedSessionThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    catalog:
				      url: mongodb://localhost/catalog
				      pool:
				        on-session-change: replace
				""")).isEqualTo("""
				Description:

				Database 'catalog': 'app.dbs.catalog.pool.on-session-change' has no effect: the connections of \
				MongoDB have no session that a statement changes.

				    Origin: Byte array resource [application.yml] - 6:28

				Action:

				Remove it. As a default, below 'app.dbs-defaults', it applies to the databases that have it.
				""");
	}

	@Test
	void whenAVariableSetsTheLeakThresholdOfMongoThenItIsRefused() {
		assertThat(failureOf(EnvironmentBuilder.properties("app.dbs.catalog.url=mongodb://localhost/catalog")
			.variable("APP_DBS_CATALOG_POOL_LEAKTHRESHOLD", "1m")
			.build(), null)).isEqualTo("""
					Description:

					Database 'catalog': 'app.dbs.catalog.pool.leak-threshold' has no effect: the driver of MongoDB \
					takes a connection per operation and gives it back.

					    Origin: "APP_DBS_CATALOG_POOL_LEAKTHRESHOLD" from property source "systemEnvironment"

					Action:

					Remove it. As a default, below 'app.dbs-defaults', it applies to the databases that have it.
					""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:orders", "embedded:h2" })
	void whenTheDriverHasNoLimitOnConnectingThenAConnectTimeoutIsRefused(String url) {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: %s
				      pool:
				        connect-timeout: 5s
				""".formatted(url))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.pool.connect-timeout' has no effect: the driver of H2 has no limit \
				on opening a connection.

				    Origin: Byte array resource [application.yml] - 6:26

				Action:

				Remove it. As a default, below 'app.dbs-defaults', it applies to the databases that have it.
				""");
	}

	@Test
	void whenThereAreSeveralProblemsThenAllAreTold() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      ulr: x
				    audit:
				      url: jdbc:h2:mem:audit
				      pool:
				        max-size: 0
				""")).isEqualTo("""
				Description:

				2 problems in the configuration of databases:

				1. Database 'orders': 'app.dbs.orders.ulr' is not a known key.

				    Origin: Byte array resource [application.yml] - 5:12

				2. Database 'audit': 'app.dbs.audit.pool.max-size' is '0', but a pool holds at least one \
				connection.

				    Origin: Byte array resource [application.yml] - 9:19

				Action:

				1. Did you mean 'url'? Known keys: url, engine, username, password, credentials, enabled, primary, \
				required, read-only, create-database, statement-timeout, lock-timeout, idle-in-transaction-timeout, \
				pool, hikari, flyway, startup, health, rls, retry, replicas, replica-reads, query-log, \
				query-log-parameters, slow-query-threshold.

				2. Write 1 or more.
				""");
	}

}
