package io.appdbs.autoconfigure;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.appdbs.engine.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.ConfigurableEnvironment;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of values of the life of a database that cannot be meant.
 */
class InvalidLifecycleTests {

	@Test
	void whenStartupTimeoutIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      startup:
				        timeout: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.startup.timeout' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:18

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenStartupTimeoutIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      startup:
				        timeout: -5s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.startup.timeout' is '-5s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:18

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenHealthIntervalIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      health:
				        interval: 0
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.health.interval' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenHealthIntervalIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      health:
				        interval: -1m
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.health.interval' is '-1m', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:19

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenHealthTimeoutIsZeroThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      health:
				        timeout: 0s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.health.timeout' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:18

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenHealthTimeoutIsNegativeThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      health:
				        timeout: -1ms
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.health.timeout' is '-1ms', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:18

				Action:

				Write 1ms or more.
				""");
	}

	@Test
	void whenHealthIntervalIsShorterThanTheTimeoutThenBothAreNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      health:
				        interval: 2s
				        timeout: 3s
				""")).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.health.interval' is '2s', which is shorter than 'app.dbs.orders.health.timeout', \
						which is '3s'.

						    Origin: Byte array resource [application.yml] - 6:19

						Action:

						Raise 'app.dbs.orders.health.interval' or lower 'app.dbs.orders.health.timeout': a probe must have ended before the next one.
						""");
	}

	@Test
	void whenHealthIntervalIsShorterThanTheDefaultTimeoutThenThatIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      health:
				        interval: 500ms
				""")).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.health.interval' is '500ms', which is shorter than the 1s that \
						'app.dbs.orders.health.timeout' is by default.

						    Origin: Byte array resource [application.yml] - 6:19

						Action:

						Raise 'app.dbs.orders.health.interval' or lower 'app.dbs.orders.health.timeout': a probe must have ended before the next one.
						""");
	}

	@Test
	void whenHealthTimeoutIsLongerThanTheDefaultIntervalThenThatIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      health:
				        timeout: 5s
				""")).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.health.timeout' is '5s', which is longer than the 1s that \
						'app.dbs.orders.health.interval' is by default.

						    Origin: Byte array resource [application.yml] - 6:18

						Action:

						Raise 'app.dbs.orders.health.interval' or lower 'app.dbs.orders.health.timeout': a probe must have ended before the next one.
						""");
	}

	@Test
	void whenRequiredTableIsMalformedThenItIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      startup:
				        required-tables:
				          - orders
				          - a.b.c
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.startup.required-tables[1]' is 'a.b.c', which is not the name \
				of a table.

				    Origin: Byte array resource [application.yml] - 8:13

				Action:

				Write 'table' or 'schema.table', with double quotes around a part that has capital letters or other \
				characters than letters, digits, '_' and '$': sales."Order Lines".
				""");
	}

	@Test
	void whenOneOfSeveralRequiredTablesIsMalformedThenItIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      startup:
				        required-tables: orders, order lines
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.startup.required-tables' is 'order lines', which is not the name \
				of a table.

				    Origin: Byte array resource [application.yml] - 6:26

				Action:

				Write 'table' or 'schema.table', with double quotes around a part that has capital letters or other \
				characters than letters, digits, '_' and '$': sales."Order Lines".
				""");
	}

	@Test
	void whenMongoHasRequiredTablesThenTheyAreRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: mongodb://localhost/orders
				      startup:
				        required-tables: orders
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.startup.required-tables' is set, but MongoDB has no tables.

				    Origin: Byte array resource [application.yml] - 6:26

				Action:

				Remove 'app.dbs.orders.startup.required-tables'.
				""");
	}

	@Test
	void whenDatabaseToCreateHasNoNameThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: jdbc:mysql://localhost/
				      create-database: true
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.create-database' is 'true', but 'app.dbs.orders.url' names no \
				database.

				    Origin: Byte array resource [application.yml] - 5:24

				Action:

				Add the name of the database to the URL.
				""");
	}

	@Test
	void whenTheEngineCannotCreateDatabasesThenThatIsRefused(@TempDir Path directory) throws Exception {
		Path factories = Files.createDirectories(directory.resolve("META-INF")).resolve("spring.factories");
		Files.writeString(factories, Engine.class.getName() + "=io.appdbs.engine.custom.HsqldbEngine");
		try (URLClassLoader classLoader = new URLClassLoader(new URL[] { directory.toUri().toURL() },
				getClass().getClassLoader())) {
			assertThat(failureOf(creating("jdbc:hsqldb:mem:orders"), classLoader)).isEqualTo("""
					Description:

					Database 'orders': 'app.dbs.orders.create-database' is 'true', but HSQLDB cannot be told to create \
					databases.

					    Origin: "app.dbs.orders.create-database" from property source "commandLineArgs"

					Action:

					Remove 'app.dbs.orders.create-database'.
					""");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:orders", "mongodb://localhost/orders", "embedded:postgresql",
			"postgresql://localhost/orders", "mariadb://localhost/orders" })
	void whenConnectingOrAStatementCreatesTheDatabaseThenThatIsAllowed(String url) {
		ConfigurableEnvironment environment = creating(url);
		assertThat(DatabaseSettingsBinder.bind(environment, List.of("orders"), null)).containsKey("orders");
	}

	private static ConfigurableEnvironment creating(String url) {
		return EnvironmentBuilder.properties("app.dbs.orders.url=" + url, "app.dbs.orders.create-database=true")
			.build();
	}

}
