package io.appdbs.migration;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link FlywayModules}.
 */
class FlywayModulesTests {

	@ParameterizedTest
	@CsvSource({ "postgresql, PostgreSQL, flyway-database-postgresql",
			"cockroachdb, CockroachDB, flyway-database-postgresql", "mysql, MySQL, flyway-mysql",
			"mariadb, MariaDB, flyway-mysql" })
	void whenTheModuleIsMissingThenItsCoordinatesAreNamed(String id, String displayName, String artifact) {
		ClassLoader classLoader = new FilteredClassLoader("org.flywaydb.database");
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> FlywayModules.require(definition(id), classLoader))
			.withMessage(
					"Database 'orders' could not be migrated: Flyway needs 'org.flywaydb:%s' for %s, which is not on the class path.",
					artifact, displayName)
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo("""
					Add to the dependencies:

					    <dependency><groupId>org.flywaydb</groupId><artifactId>%s</artifactId></dependency>

					Or set 'app.dbs.orders.flyway.enabled' to false.""".formatted(artifact)));
	}

	@Test
	void whenTheModuleIsPresentOrNotNeededThenNothingIsReported() {
		assertThatNoException().isThrownBy(() -> {
			FlywayModules.require(definition("postgresql"), null);
			FlywayModules.require(definition("mariadb"), null);
			FlywayModules.require(definition("h2"), new FilteredClassLoader("org.flywaydb.database"));
		});
	}

	private static DatabaseDefinition definition(String id) {
		Engine engine = Engines.load(null).findById(id);
		return new DatabaseDefinition("orders", null, engine, () -> null);
	}

}
