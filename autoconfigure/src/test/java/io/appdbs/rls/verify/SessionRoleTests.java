package io.appdbs.rls.verify;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.settings.DatabaseDefinition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the verification examines the role and the session that the pool has.
 */
class SessionRoleTests {

	@RegisterExtension
	private static final SecuredDatabases databases = new SecuredDatabases();

	@BeforeAll
	static void createRoles() throws SQLException {
		databases.execute("secured", "CREATE ROLE other; GRANT other TO app; GRANT SELECT, INSERT ON note TO other");
		databases.execute("secured", "CREATE ROLE direct LOGIN; GRANT other TO direct");
	}

	@ParameterizedTest
	@MethodSource("changes")
	void whenSomethingElseThanTheSettingsChangesTheRoleThenThatIsFound(Change change) throws SQLException {
		String database = databases.create(change.sql());
		try {
			DatabaseDefinition definition = define(database, change, "rls.verify", "fail");
			assertThatExceptionOfType(DatabaseStartException.class)
				.isThrownBy(() -> SecuredDatabases.verify(definition))
				.satisfies((failure) -> {
					assertThat(failure).hasMessageEndingWith(
							"role other is what connections begin as instead of their login, though 'app.dbs.notes.rls.role' is not set.");
					assertThat(failure.getAction()).contains("    " + change.fix().formatted(database) + "\n");
				});
			DatabaseDefinition warned = define(database, change, "rls.verify", "warn");
			assertThat(SecuredDatabases.verify(warned)).containsEntry("sessionRole", "other");
			DatabaseDefinition declared = define(database, change, "rls.role", "other");
			assertThat(SecuredDatabases.verify(declared)).containsEntry("findings", List.of())
				.doesNotContainKey("sessionRole");
			if (change.fix().startsWith("ALTER")) {
				databases.execute("postgres", change.fix().formatted(database));
				assertThat(SecuredDatabases.verify(definition)).containsEntry("findings", List.of())
					.doesNotContainKey("sessionRole");
			}
		}
		finally {
			databases.execute("secured", "ALTER ROLE app RESET ALL");
		}
	}

	static Stream<Change> changes() {
		return Stream.of(inPool("connection-init-sql", "SET ROLE other"),
				inPool("data-source-properties.options", "-c role=other"),
				inPool("data-source-properties.options", "-crole=other"),
				new Change("SELECT 1", "?options=-c%20role%3Dother", "maximum-pool-size", "2",
						"Set 'app.dbs.notes.rls.role' to 'other' and remove the role from 'app.dbs.notes.url'."),
				new Change("ALTER ROLE app SET role = other", "", "maximum-pool-size", "2",
						"ALTER ROLE app RESET role; -- or: Set 'app.dbs.notes.rls.role' to 'other'."),
				inDatabase("ALTER DATABASE %I SET role = other", "ALTER DATABASE %s RESET role;"), inDatabase(
						"ALTER ROLE app IN DATABASE %I SET role = other", "ALTER ROLE app IN DATABASE %s RESET role;"));
	}

	private static Change inPool(String key, String value) {
		return new Change("SELECT 1", "", key, value,
				"Set 'app.dbs.notes.rls.role' to 'other' and remove the role from 'app.dbs.notes.hikari.%s'."
					.formatted(key));
	}

	private static Change inDatabase(String sql, String fix) {
		return new Change("DO $$ BEGIN EXECUTE format('%s', current_database()); END $$".formatted(sql), "",
				"maximum-pool-size", "2", fix + " -- or: Set 'app.dbs.notes.rls.role' to 'other'.");
	}

	@Test
	void whenTheInitialStatementChangesTheRoleThenThatRoleIsExamined() throws SQLException {
		String database = databases
			.create("CREATE ROLE ghost BYPASSRLS; GRANT ghost TO direct; GRANT SELECT ON note TO direct, ghost");
		DatabaseDefinition definition = with("connection-init-sql", "SET ROLE ghost",
				databases.define(databases.address(), database, "username", "direct"));
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(() -> SecuredDatabases.verify(definition))
			.withMessageContaining("role ghost has BYPASSRLS, so no policy binds it.");
	}

	@Test
	void whenTheInitialStatementChangesTheLoginThenThatIsFound() throws SQLException {
		String database = databases.create("SELECT 1");
		DatabaseDefinition definition = with("connection-init-sql", "SET SESSION AUTHORIZATION app",
				databases.define(databases.address(), database, "username", "postgres"));
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(() -> SecuredDatabases.verify(definition))
			.withMessageEndingWith(
					"    [role-changed] connection is given another login by 'app.dbs.notes.hikari.connection-init-sql', which a statement such as DISCARD ALL takes away again.");
	}

	@Test
	void namesAreLookedUpInTheSchemaOfThePool() throws SQLException {
		String database = databases.create("""
				CREATE SCHEMA sales AUTHORIZATION keeper; GRANT USAGE ON SCHEMA sales TO app;
				CREATE TABLE sales.country (code text); GRANT SELECT ON sales.country TO app""");
		DatabaseDefinition definition = with("schema", "sales",
				databases.define(databases.address(), database, "rls.exempt-tables", "country"));
		assertThat(SecuredDatabases.verify(definition)).containsEntry("findings", List.of());
	}

	private static DatabaseDefinition define(String database, Change change, String key, String value) {
		return with(change.key(), change.value(),
				databases.define(databases.address(), database + change.parameters(), key, value));
	}

	/**
	 * Return the database with a property of HikariCP, as binding makes it.
	 */
	private static DatabaseDefinition with(String key, String value, DatabaseDefinition definition) {
		return definition.with(definition.settings().withOptions(Map.of(key, value), Map.of()),
				definition.connectionDetails());
	}

	/**
	 * What changes the role.
	 *
	 * @param sql executed in the database
	 * @param parameters parameters of the URL
	 * @param key a property of HikariCP
	 * @param value its value
	 * @param fix how it is fixed, {@code %s} for the database
	 */
	record Change(String sql, String parameters, String key, String value, String fix) {

		@Override
		public String toString() {
			return this.fix;
		}

	}

}
