package io.appdbs.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of replicas that cannot be.
 */
class InvalidReplicaTests {

	@Test
	void whenAReplicaHasNoUrlThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				      - username: reader
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[0].url' is missing.

				Action:

				Set it, for example to 'postgresql://replica/orders'.
				""");
	}

	@Test
	void whenReplicasBeginWithTheSecondThenItIsRefused() {
		assertThat(failureOf(EnvironmentBuilder
			.properties("app.dbs.orders.url=postgresql://db/orders",
					"app.dbs.orders.replicas[1].url=postgresql://u:s3cr3t@replica/orders")
			.build(), null)).isEqualTo(
					"""
							Description:

							Database 'orders': 'app.dbs.orders.replicas[1].url' is in a list whose entries before it are missing.

							    Origin: "app.dbs.orders.replicas[1].url" from property source "commandLineArgs"

							Action:

							Number the entries from [0] without a gap, all in one place: a list in the environment replaces that of \
							a file as a whole.
							""");
	}

	@Test
	void whenAVariableHasTheSecondReplicaOfAFileThenItIsRefused() {
		assertThat(failureOf(EnvironmentBuilder.yaml("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				      - url: postgresql://replica-1/orders
				      - url: postgresql://replica-2/orders
				""").variable("APP_DBS_ORDERS_REPLICAS_1_URL", "postgresql://u:s3cr3t@replica/orders").build(), null))
			.contains("'app.dbs.orders.replicas[1].url' is in a list whose entries before it are missing.")
			.contains("APP_DBS_ORDERS_REPLICAS_1_URL");
	}

	@Test
	void whenAnEntryOfAListCannotBeReadThenThatAloneIsTold() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      retry:
				        on-sql-states:
				        - ${MISSING}
				"""))
			.contains("'app.dbs.orders.retry.on-sql-states[0]' refers to '${MISSING}', which cannot be resolved.")
			.doesNotContain("entries before it");
	}

	@Test
	void whenAReplicaIsTheDatabaseItselfThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				      - url: jdbc:postgresql://DB:5432/orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[0].url' is DB:5432/orders, the same as the database \
				itself.

				    Origin: Byte array resource [application.yml] - 6:14

				Action:

				Give the URL of another server, or remove the replica.
				""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "[::1]" })
	void whenAReplicaIsTheDatabaseItselfByAnotherNameOfThisMachineThenItIsRefused(String host) {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      replicas:
				        - url: postgresql://%s/orders
				""".formatted(host))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[0].url' is %s:5432/orders, the same as the database \
				itself.

				    Origin: Byte array resource [application.yml] - 6:16

				Action:

				Give the URL of another server, or remove the replica.
				""".formatted(host));
	}

	@Test
	void whenTwoReplicasAreTheSameThenTheSecondIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				      - url: postgresql://replica/orders
				      - url: postgresql://replica:5432/orders?sslmode=require
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[1].url' is replica:5432/orders, the same as \
				'app.dbs.orders.replicas[0].url'.

				    Origin: Byte array resource [application.yml] - 7:14

				Action:

				Give the URL of another server, or remove the replica.
				""");
	}

	@Test
	void whenAReplicaIsOfAnotherEngineThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				      - url: mariadb://replica/orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[0].url' is a URL of MariaDB, but the database is one \
				of PostgreSQL.

				    Origin: Byte array resource [application.yml] - 6:14

				Action:

				Give the URL of a PostgreSQL server that follows the one of 'app.dbs.orders.url'.
				""");
	}

	@Test
	void whenAReplicaIsEmbeddedThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				      - url: embedded:postgresql
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[0].url' is embedded, but an embedded server follows \
				no other.

				    Origin: Byte array resource [application.yml] - 6:14

				Action:

				Give the URL of a server that follows the one of 'app.dbs.orders.url'.
				""");
	}

	@Test
	void whenAReplicaHasAnUnknownKeyThenTheKnownOnesAreListed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				      - url: postgresql://replica/orders
				        flyway:
				          enabled: false
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[0].flyway' is not a known key.

				    Origin: Byte array resource [application.yml] - 8:20

				Action:

				Known keys: url, username, password, pool.
				""");
	}

	@Test
	void whenThePoolOfAReplicaContradictsThatOfTheDatabaseThenTheKeyOfTheReplicaIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				      - url: postgresql://replica/orders
				        pool:
				          max-size: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[0].pool.max-size' is '0', but a pool holds at least \
				one connection.

				    Origin: Byte array resource [application.yml] - 8:21

				Action:

				Write 1 or more.
				""");
	}

	@Test
	void whenAReplicaHasTheNameOfAnotherDatabaseThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				        - url: postgresql://replica/orders
				    orders-replica-1:
				      url: postgresql://other/orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas[0]' is named 'orders-replica-1', and so is another \
				database.

				Action:

				Rename the database 'orders-replica-1'.
				""");
	}

	@Test
	void whenMongoDbHasReplicasThenTheyAreRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    catalog:
				      url: mongodb://db/catalog
				      replicas:
				        - url: mongodb://replica/catalog
				""")).isEqualTo("""
				Description:

				Database 'catalog': 'app.dbs.catalog.replicas' is set, but its driver knows the members of a \
				replica set itself.

				Action:

				Remove it, and write 'readPreference=secondaryPreferred' in 'app.dbs.catalog.url'.
				""");
	}

	@Test
	void whenAnEmbeddedDatabaseHasReplicasThenTheyAreRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: embedded:postgresql
				      replicas:
				        - url: postgresql://replica/orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replicas' is set, but 'app.dbs.orders.url' is embedded, and \
				nothing follows an embedded server.

				Action:

				Remove it, or give 'app.dbs.orders.url' the URL of a server that others follow.
				""");
	}

	@Test
	void whenReplicasAreADefaultThenTheyAreRefused() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    replicas:
				      - url: postgresql://replica/orders
				  dbs:
				    orders:
				      url: postgresql://db/orders
				""")).isEqualTo("""
				Description:

				'app.dbs-defaults.replicas' is not allowed: every database has replicas of its own.

				    Origin: Byte array resource [application.yml] - 4:14

				Action:

				Move it to the database that it is meant for, below 'app.dbs'.
				""");
	}

	@Test
	void whenTheEngineDoesNotTellTheLagThenALimitIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: cockroachdb://db/orders
				      replicas:
				        - url: cockroachdb://replica/orders
				      replica-reads:
				        max-lag: 5s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.replica-reads.max-lag' is '5s', but CockroachDB does not tell how \
				far a replica lags.

				    Origin: Byte array resource [application.yml] - 8:18

				Action:

				Remove 'app.dbs.orders.replica-reads.max-lag'.
				""");
	}

	@Test
	void whenTimesAreNegativeThenTheyAreRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      replicas:
				        - url: postgresql://replica/orders
				      replica-reads:
				        max-lag: -5s
				        sticky: -1s
				""")).isEqualTo("""
				Description:

				2 problems in the configuration of databases:

				1. Database 'orders': 'app.dbs.orders.replica-reads.max-lag' is '-5s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 8:18

				2. Database 'orders': 'app.dbs.orders.replica-reads.sticky' is '-1s', but must not be negative.

				    Origin: Byte array resource [application.yml] - 9:17

				Action:

				1. Write 1ms or more.

				2. Write 0 to switch it off, or a duration such as 2s.
				""");
	}

}
