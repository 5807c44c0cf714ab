package io.appdbs.migration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link FlywayPreparation}.
 */
class FlywayPreparationTests {

	private static final Engine H2 = Engines.load(null).findById("h2");

	@TempDir
	private Path folder;

	private final FlywayPreparation preparation = new FlywayPreparation(
			Map.of("orders", new MigrationBeans(List.of(), List.of(), List.of())), null);

	/**
	 * An in-memory database without an open connection loses its data.
	 */
	@Test
	void whenAppliedMigrationsAreMissingThenMigratingHasFailed() throws Exception {
		Files.writeString(this.folder.resolve("V1__create.sql"), "create table item (name varchar(20));");
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(() -> prepare("orders"))
			.withMessage(
					"Database 'orders' is at no version after migrating, but version 1 was expected. Not applied: V1__create.sql.")
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(
					"Check the options under 'app.dbs.orders.flyway' and the table 'flyway_schema_history' of the database."));
	}

	@Test
	void aDatabaseWithoutMigrationsIsNotMigrated() throws Exception {
		prepare("audit");
		assertThatIllegalStateException().isThrownBy(() -> this.preparation.getFlyway(definition("audit")))
			.withMessage("Database 'audit' has no migrations.");
	}

	@Test
	void whenACustomEngineNeedsAFlywayModuleThenItIsReported() throws Exception {
		Engine engine = new JdbcEngine("hsqldb", "HSQLDB", "org.hsqldb.jdbc.JDBCDriver", "org.hsqldb:hsqldb") {
		};
		DatabaseConnectionDetails target = engine.resolve("jdbc:hsqldb:mem:orders");
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> this.preparation.prepare(definition("orders", engine, target), target))
			.withMessage(
					"Database 'orders' (HSQLDB) could not be migrated: Flyway says: Unsupported Database: HSQL Database Engine 2.7")
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(
					"Add the Flyway module that supports it to the dependencies, or set 'app.dbs.orders.flyway.enabled' to false."));
	}

	private void prepare(String name) throws Exception {
		this.preparation.prepare(definition(name), H2.resolve("jdbc:h2:mem:lost"));
	}

	private DatabaseDefinition definition(String name) {
		return definition(name, H2, H2.resolve("jdbc:h2:mem:lost"));
	}

	private DatabaseDefinition definition(String name, Engine engine, DatabaseConnectionDetails target) {
		DatabaseDefinition definition = Definitions.of(name, "jdbc:h2:mem:lost", "flyway.locations",
				"filesystem:" + this.folder);
		return new DatabaseDefinition(name, definition.settings(), engine, () -> target);
	}

}
