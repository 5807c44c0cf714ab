package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.ConnectionLimit.Scope;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.ConcurrentTasks;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionLimitCheck} and the engines' limits.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLimitCheckTests {

	private static final List<ConnectionLimit> LIMITS = List
		.of(new ConnectionLimit(25, Scope.SERVER, "max_connections", "max_connections 28, 3 reserved"));

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	@Test
	void whenPoolsExceedTheServerThenOneWarningHasTheFigures(CapturedOutput output) {
		ConnectionLimitCheck limitCheck = new ConnectionLimitCheck(List.of("orders", "audit", "other"));
		opened(limitCheck, "audit", "postgresql://DB/audit", 10, LIMITS);
		opened(limitCheck, "orders", "postgresql://db:5432/orders", 20, LIMITS);
		assertThat(output).doesNotContain("WARN");
		opened(limitCheck, "other", "postgresql://db:5433/other", 24, LIMITS);
		assertThat(output).containsOnlyOnce("WARN")
			.contains("Databases orders, audit share the PostgreSQL server db:5432 and can open 20 + 10 + 2 "
					+ "connections (pools, and one per database for its probe), more than its limit of 25 (max_connections "
					+ "28, 3 reserved). Lower app.dbs.<name>.pool.max-size, or raise max_connections.");
		opened(limitCheck, "audit", "postgresql://db/audit", 10, LIMITS);
		assertThat(output).containsOnlyOnce("WARN");
	}

	@Test
	void theServerLeavesToAPoolWhatOthersDoNotUse() {
		ConnectionLimitCheck limitCheck = new ConnectionLimitCheck(List.of("orders", "audit", "other", "unknown"));
		assertThat(limitCheck.getRoom("orders")).isEqualTo(Integer.MAX_VALUE);
		opened(limitCheck, "orders", "postgresql://db/orders", 10, LIMITS);
		assertThat(limitCheck.getRoom("orders")).isEqualTo(24);
		opened(limitCheck, "audit", "postgresql://DB/audit", 5, LIMITS);
		opened(limitCheck, "other", "postgresql://db:5433/other", 24, LIMITS);
		opened(limitCheck, "unknown", "cockroachdb://db/orders", 2000, List.of());
		assertThat(limitCheck.getRoom("orders")).isEqualTo(18);
		assertThat(limitCheck.getRoom("audit")).isEqualTo(13);
		assertThat(limitCheck.getRoom("other")).isEqualTo(24);
		assertThat(limitCheck.getRoom("unknown")).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void whenPoolsFitExactlyThenNothingIsSaid(CapturedOutput output) {
		ConnectionLimitCheck limitCheck = new ConnectionLimitCheck(List.of("orders", "audit"));
		opened(limitCheck, "orders", "postgresql://db/orders", 13, LIMITS);
		opened(limitCheck, "audit", "postgresql://db/audit", 10, LIMITS);
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void whenADatabaseComesLaterThenItIsWarnedOfThen(CapturedOutput output) {
		ConnectionLimitCheck limitCheck = new ConnectionLimitCheck(List.of("orders", "audit"));
		opened(limitCheck, "orders", "postgresql://db/orders", 20, LIMITS);
		limitCheck.notOpened("audit");
		assertThat(output).doesNotContain("WARN");
		opened(limitCheck, "audit", "postgresql://db/audit", 10, LIMITS);
		assertThat(output).containsOnlyOnce("WARN");
	}

	@Test
	void whenTheLimitIsUnknownThenNothingIsSaid(CapturedOutput output) {
		ConnectionLimitCheck limitCheck = new ConnectionLimitCheck(List.of("orders"));
		opened(limitCheck, "orders", "cockroachdb://db/orders", 2000, List.of());
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void whenOnePoolExceedsPostgreSqlThenItIsWarnedOf(CapturedOutput output) throws SQLException {
		servers.execute("postgresql", "SELECT 1");
		DatabaseDefinition definition = Definitions.of("orders", servers.url("postgresql", "test"), "username",
				"postgres");
		opened(new ConnectionLimitCheck(List.of("orders")), definition, 997, read(definition));
		assertThat(output).containsOnlyOnce("WARN")
			.contains("Database orders uses the PostgreSQL server %s and can open 997 + 1 connections (pools, and "
				.formatted(servers.address("postgresql", "").replace("/", ""))
					+ "one per database for its probe), more than its limit of 997 (max_connections 1000, 3 reserved). Lower "
					+ "app.dbs.<name>.pool.max-size, or raise max_connections.");
	}

	@Test
	void whenALoginOfMariaDbHasALimitThenPoolsOfThatLoginCount(CapturedOutput output) throws SQLException {
		servers.execute("mariadb", "CREATE USER clerk@'%' IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 12",
				"GRANT ALL ON *.* TO clerk@'%'", "SET GLOBAL max_connections = 200");
		ConnectionLimitCheck limitCheck = new ConnectionLimitCheck(List.of("a", "b", "c"));
		for (String name : List.of("a", "b", "c")) {
			String[] login = name.equals("b") ? new String[] { "username", "root" }
					: new String[] { "username", "clerk", "password", "x" };
			DatabaseDefinition definition = Definitions.of(name,
					servers.url(name.equals("a") ? "mysql" : "mariadb", "test"), login);
			opened(limitCheck, definition, 6, read(definition));
		}
		assertThat(output).containsOnlyOnce("WARN")
			.contains("Databases a, c share the MySQL server %s with the same login and can open 6 + 6 + 2 connections "
				.formatted(servers.address("mariadb", "").replace("/", ""))
					+ "(pools, and one per database for its probe), more than its limit of 12 (max_user_connections 12). Lower "
					+ "app.dbs.<name>.pool.max-size, or raise max_user_connections.");
	}

	@Test
	void theLimitsOfARoleAndOfADatabaseOfPostgreSqlAreKnown(CapturedOutput output) throws SQLException {
		servers.execute("postgresql", "CREATE ROLE clerk LOGIN CONNECTION LIMIT 12",
				"CREATE DATABASE small CONNECTION LIMIT 7");
		DatabaseDefinition small = Definitions.of("small", servers.url("postgresql", "small"), "username", "clerk");
		List<ConnectionLimit> limits = read(small);
		assertThat(limits).extracting(ConnectionLimit::description)
			.containsExactly("max_connections 1000, 3 reserved", "CONNECTION LIMIT 12 of role clerk",
					"CONNECTION LIMIT 7 of database small");
		ConnectionLimitCheck limitCheck = new ConnectionLimitCheck(List.of("small", "other"));
		opened(limitCheck, small, 5, limits);
		DatabaseDefinition other = Definitions.of("other", servers.url("postgresql", "test"), "username", "clerk");
		opened(limitCheck, other, 6, read(other));
		assertThat(output).containsOnlyOnce("WARN")
			.contains(
					"Databases small, other share the PostgreSQL server %s with the same login and can open 5 + 6 + 2 connections "
						.formatted(servers.address("postgresql", "").replace("/", ""))
							+ "(pools, and one per database for its probe), more than its limit of 12 (CONNECTION LIMIT 12 of role clerk). Lower "
							+ "app.dbs.<name>.pool.max-size, or raise the CONNECTION LIMIT of role clerk.");
	}

	@Test
	void h2HasNoLimit() throws SQLException {
		assertThat(read(Definitions.of("orders", "jdbc:h2:mem:limit"))).isEmpty();
	}

	@Test
	void whenManyThreadsOpenThenOneWarningHasAllPools(CapturedOutput output) throws Exception {
		List<String> names = IntStream.range(0, 16).mapToObj((i) -> "db" + i).toList();
		for (int round = 0; round < 20; round++) {
			ConnectionLimitCheck limitCheck = new ConnectionLimitCheck(names);
			ConcurrentTasks.run(names.size(), (i) -> {
				opened(limitCheck, names.get(i), "postgresql://db/" + names.get(i), 2, LIMITS);
				return null;
			});
			assertThat(StringUtils.countOccurrencesOf(output.toString(), "WARN")).isEqualTo(round + 1);
		}
		String full = "Databases " + String.join(", ", names) + " share";
		assertThat(StringUtils.countOccurrencesOf(output.toString(), full)).isEqualTo(20);
	}

	private static void opened(ConnectionLimitCheck limitCheck, String name, String url, int size,
			List<ConnectionLimit> limits) {
		opened(limitCheck, Definitions.of(name, url), size, limits);
	}

	private static void opened(ConnectionLimitCheck limitCheck, DatabaseDefinition definition, int size,
			List<ConnectionLimit> limits) {
		DatabaseConnectionDetails target = definition.connectionDetails().get();
		limitCheck.opened(definition, target, definition.jdbcEngine(), size, limits);
	}

	private static List<ConnectionLimit> read(DatabaseDefinition definition) throws SQLException {
		try (Connection connection = JdbcConnections.open(definition, definition.connectionDetails().get(), Map.of())) {
			return definition.jdbcEngine().readConnectionLimits(connection);
		}
	}

}
