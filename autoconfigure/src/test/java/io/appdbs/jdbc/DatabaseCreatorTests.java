package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.ConcurrentTasks;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseCreator}.
 */
class DatabaseCreatorTests {

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenTheDatabaseIsMissingThenItIsCreated(String scheme) throws SQLException {
		DatabaseDefinition definition = definition(scheme, scheme + "-created");
		assertThat(createIfMissing(definition, connectingFails(definition))).isTrue();
		try (Connection connection = open(definition)) {
			assertThat(connection.getCatalog()).isEqualTo(scheme + "-created");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenNotAskedForThenItIsNotCreated(String scheme) throws SQLException {
		DatabaseDefinition definition = Definitions.of("orders", servers.url(scheme, scheme + "-unasked"), "username",
				servers.administrator(scheme));
		assertThat(createIfMissing(definition, connectingFails(definition))).isFalse();
		connectingFails(definition);
	}

	@Test
	void whenConnectingFailedOtherwiseThenNothingIsCreated() throws SQLException {
		DatabaseDefinition definition = definition("postgresql", "otherwise");
		assertThat(createIfMissing(definition, new SQLException("refused", "28P01"))).isFalse();
		connectingFails(definition);
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql" })
	void whenManyCreateItAtOnceThenAllSucceed(String scheme) throws Exception {
		DatabaseDefinition definition = definition(scheme, scheme + "-at-once");
		SQLException failure = connectingFails(definition);
		assertThat(ConcurrentTasks.run(16, (thread) -> createIfMissing(definition, failure))).containsOnly(true);
		open(definition).close();
	}

	@Test
	void whenPostgreSqlDeniesTheRightThenTheErrorSaysHowToGetIt() throws SQLException {
		servers.execute("postgresql", "CREATE ROLE clerk LOGIN PASSWORD 's3cr3t'");
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> createAsClerk("postgresql", "no_right"))
			.withMessage(
					"Database 'orders' (PostgreSQL at %s) does not exist, or the login has no access to it, and it could not be "
							+ "created: the login may not create databases there.",
					servers.address("postgresql", "no_right"))
			.satisfies((ex) -> assertThat(ex.getAction())
				.isEqualTo("Allow it as an administrator: ALTER ROLE <login> CREATEDB;, or create the database "
						+ "manually: CREATE DATABASE \"no_right\";"));
		servers.execute("postgresql", "ALTER ROLE clerk CREATEDB");
		assertThat(createAsClerk("postgresql", "no_right")).isTrue();
		servers.execute("postgresql", "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC");
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(() -> createAsClerk("postgresql", "no_door"))
			.withMessage(
					"Database 'orders' (PostgreSQL at %s) does not exist, or the login has no access to it, and it could not be "
							+ "created: the login has no access to '%s', from which databases are created.",
					servers.address("postgresql", "no_door"), servers.address("postgresql", "postgres"))
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo("Grant the login access to it, or create the "
					+ "database manually: CREATE DATABASE \"no_door\";"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void whenMariaDbDeniesTheRightThenTheErrorSaysHowToGetIt(String scheme) throws SQLException {
		servers.execute("mariadb", "CREATE OR REPLACE USER clerk@'%' IDENTIFIED BY 's3cr3t'");
		String database = scheme + "_no_right";
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(() -> createAsClerk(scheme, database))
			.withMessage(
					"Database 'orders' (%s at %s) does not exist, or the login has no access to it, and it could not be created: "
							+ "the login may not create databases there.",
					scheme.equals("mysql") ? "MySQL" : "MariaDB", servers.address(scheme, database))
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(
					"Allow it as an administrator: GRANT ALL ON `%1$s\\_no\\_right`.* TO <login>;, or create the database manually: CREATE DATABASE `%1$s_no_right`;"
						.formatted(scheme)));
		servers.execute("mariadb", "GRANT ALL ON `%s\\_no\\_right`.* TO clerk@'%%'".formatted(scheme));
		assertThat(createAsClerk(scheme, database)).isTrue();
	}

	@Test
	void whenTheServerIsGoneThenTheFailureIsTheDrivers() {
		DatabaseDefinition definition = Definitions.of("orders", "postgresql://localhost:1/orders", "create-database",
				"true");
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> createIfMissing(definition, new SQLException("missing", "3D000")))
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"));
	}

	private static boolean createAsClerk(String scheme, String database) throws SQLException {
		DatabaseDefinition definition = Definitions.of("orders", servers.url(scheme, database), "username", "clerk",
				"password", "s3cr3t", "create-database", "true");
		return createIfMissing(definition, connectingFails(definition));
	}

	private static DatabaseDefinition definition(String scheme, String database) {
		return Definitions.of("orders", servers.url(scheme, database), "username", servers.administrator(scheme),
				"create-database", "true");
	}

	private static boolean createIfMissing(DatabaseDefinition definition, Throwable failure) throws SQLException {
		return DatabaseCreator.createIfMissing(definition, definition.connectionDetails().get(), failure);
	}

	private static SQLException connectingFails(DatabaseDefinition definition) {
		try (Connection connection = open(definition)) {
			throw new AssertionError("There is a database " + connection);
		}
		catch (SQLException ex) {
			return ex;
		}
	}

	private static Connection open(DatabaseDefinition definition) throws SQLException {
		return JdbcConnections.open(definition, definition.connectionDetails().get(), Map.of());
	}

}
