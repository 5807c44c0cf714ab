package io.appdbs.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.appdbs.testsupport.EnvironmentBuilder;
import io.appdbs.testsupport.MigrationFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.env.ConfigurableEnvironment;

import static io.appdbs.autoconfigure.diagnostics.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the options below {@code flyway}.
 */
class FlywayKeyTests {

	@Test
	void whenOptionIsUnknownThenTheNearestIsNamed() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      flyway:
				        baseline-on-migrat: true
				""")).startsWith("""
				Description:

				Database 'orders': 'app.dbs.orders.flyway.baseline-on-migrat' is not a known key.

				    Origin: Byte array resource [application.yml] - 6:29

				Action:

				Did you mean 'baseline-on-migrate'? Known keys: baseline-description, """)
			.contains(", locations, ", ", placeholders.*, ", ", postgresql.transactional.lock, ", ", username, ")
			.doesNotContain("driver", "config-files");
	}

	@Test
	void whenThereIsNoFlywayThenItsCoordinatesAreNamed() {
		assertThat(failureOf(
				EnvironmentBuilder.properties("app.dbs.orders.url=jdbc:h2:mem:x", "app.dbs.orders.flyway.table=history")
					.build(),
				new FilteredClassLoader("org.flywaydb")))
			.isEqualTo("""
					Description:

					Database 'orders': 'app.dbs.orders.flyway.table' needs 'org.flywaydb:flyway-core', which is not \
					on the class path.

					    Origin: "app.dbs.orders.flyway.table" from property source "commandLineArgs"

					Action:

					Add to the dependencies:

					    <dependency><groupId>org.flywaydb</groupId><artifactId>flyway-core</artifactId></dependency>
					""");
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:h2:mem:x, flyway-core", "postgresql://localhost/orders, flyway-database-postgresql",
			"mariadb://localhost/orders, flyway-mysql" })
	void whenThereAreMigrationsAndNoFlywayThenItsCoordinatesAreNamed(String url, String artifact,
			@TempDir Path folder) {
		ClassLoader classLoader = withoutFlyway(folder);
		String[] properties = { "app.dbs.orders.url=" + url, "app.dbs.audit.url=" + url };
		assertThat(failureOf(EnvironmentBuilder.properties(properties).build(), classLoader)).isEqualTo("""
				Description:

				Database 'orders': the migrations in 'db/migration/orders' need 'org.flywaydb:%1$s', which is not \
				on the class path.

				Action:

				Add to the dependencies:

				    <dependency><groupId>org.flywaydb</groupId><artifactId>%1$s</artifactId></dependency>

				Or set 'app.dbs.orders.flyway.enabled' to false.
				""".formatted(artifact));
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.dbs.orders.flyway.enabled", "app.dbs-defaults.flyway.enabled" })
	void whenThereAreMigrationsAndNoFlywayThenItCanBeSwitchedOff(String key, @TempDir Path folder) {
		ConfigurableEnvironment environment = EnvironmentBuilder
			.properties("app.dbs.orders.url=jdbc:h2:mem:x", key + "=false")
			.build();
		assertThat(DatabaseSettingsBinder.bind(environment, List.of("orders"), withoutFlyway(folder)))
			.containsOnlyKeys("orders");
	}

	private static ClassLoader withoutFlyway(Path folder) {
		return new MigrationFolder(folder).write("orders/V1__create.sql", "")
			.write("audit/README.md", "")
			.classLoader(new FilteredClassLoader("org.flywaydb"));
	}

	@Test
	void whenTheDatabaseIsMongoThenVariablesAreRejected() {
		assertThat(failureOf(EnvironmentBuilder.properties("app.dbs.catalog.url=mongodb://localhost/catalog")
			.variable("APP_DBS_CATALOG_FLYWAY_TABLE", "history")
			.build(), null)).isEqualTo("""
					Description:

					Database 'catalog': 'app.dbs.catalog.flyway.table' has no effect: Flyway does not migrate MongoDB.

					    Origin: "APP_DBS_CATALOG_FLYWAY_TABLE" from property source "systemEnvironment"

					Action:

					Remove it.
					""");
	}

	@Test
	void listsAndSpellingsAreNormalizedForFlyway() {
		FlywayKeys keys = FlywayKeys.load(null);
		assertThat(keys).isNotNull();
		assertThat(keys.normalize(Map.of("schemas.1", "b", "schemas.0", "a", "BASELINEONMIGRATE", "true", "username",
				"me", "connect-retries-interval", "2m", "placeholders.Some.Key", "v", "postgresql.transactional-lock",
				"false")))
			.containsOnly(Map.entry("schemas", "a,b"), Map.entry("baselineOnMigrate", "true"), Map.entry("user", "me"),
					Map.entry("connectRetriesInterval", "120"), Map.entry("placeholders.Some.Key", "v"),
					Map.entry("postgresql.transactional.lock", "false"));
	}

}
