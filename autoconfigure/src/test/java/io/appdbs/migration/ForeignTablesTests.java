package io.appdbs.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.rls.PostgresServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the migrations of {@code docs/distributed.md} distribute a table to two
 * servers, and that answers are right. Two databases stand for the servers.
 */
class ForeignTablesTests {

	private static final Pattern SQL = Pattern.compile("(?s)```sql\\n(.*?)```");

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders",
			"CREATE ROLE orders_app LOGIN PASSWORD 'secret'; GRANT CREATE ON SCHEMA public TO orders_app");

	@TempDir
	private static Path migrations;

	@BeforeAll
	static void writeMigrations() throws IOException, SQLException {
		List<String> scripts = SQL.matcher(Files.readString(Path.of("../docs/distributed.md")))
			.results()
			.map(MatchResult::group)
			.map((block) -> block.replaceAll("```(sql)?", ""))
			.toList();
		assertThat(scripts).hasSize(2);
		String[] address = server.address().split(":");
		String distributed = scripts.get(0);
		for (int shard = 0; shard < 2; shard++) {
			server.execute("postgres", "CREATE DATABASE shard_" + shard);
			distributed = distributed.replace("host 'shard-%d.internal', port '5432', dbname 'orders'".formatted(shard),
					"host '127.0.0.1', port '%s', dbname 'shard_%d'".formatted(address[1], shard));
		}
		assertThat(distributed).doesNotContain("internal");
		Files.writeString(Files.createDirectories(migrations.resolve("orders")).resolve("V1__distribute.sql"),
				distributed);
		Files.writeString(Files.createDirectories(migrations.resolve("shard")).resolve("V1__purchase.sql"),
				scripts.get(1));
	}

	private static ApplicationContextRunner runner() {
		String flyway = "app.dbs.%s.flyway.locations=filesystem:%s";
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs-defaults.username=orders_app", "app.dbs-defaults.password=secret",
					"app.dbs-defaults.flyway.user=postgres", "app.dbs-defaults.flyway.password=x",
					url("orders", "orders"), url("shard-0", "shard_0"), url("shard-1", "shard_1"),
					flyway.formatted("orders", migrations.resolve("orders")),
					"app.dbs.orders.flyway.placeholders.shardPassword=secret", "app.dbs.orders.primary=true",
					flyway.formatted("shard-0", migrations.resolve("shard")),
					flyway.formatted("shard-1", migrations.resolve("shard")));
	}

	private static String url(String name, String database) {
		return "app.dbs.%s.url=postgresql://%s/%s".formatted(name, server.address(), database);
	}

	@Test
	void rowsAreDistributedAndAnswersAreRight() {
		runner().run((context) -> {
			assertThat(context).hasNotFailed();
			JdbcTemplate orders = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			// the embedded server asks for no password
			for (int shard = 0; shard < 2; shard++) {
				server
					.execute("ALTER USER MAPPING FOR orders_app SERVER shard_%d OPTIONS (ADD password_required 'false')"
						.formatted(shard));
			}
			orders.update("INSERT INTO purchase SELECT i, i, 500 + i FROM generate_series(0, 39) i");
			long first = count(context.getBean("shard0JdbcTemplate", JdbcTemplate.class));
			long second = count(context.getBean("shard1JdbcTemplate", JdbcTemplate.class));
			assertThat(first).isBetween(10L, 30L);
			assertThat(first + second).isEqualTo(40);
			assertAnswers(orders);
			assertThat(String.join("\n", plan(orders, "SELECT * FROM purchase WHERE customer_id = 7")))
				.containsOnlyOnce("Foreign Scan");
			assertThat(orders.update("UPDATE purchase SET amount = amount + 0 WHERE customer_id = ?", 5L)).isOne();
			assertThatTheKeyIsNotUpdated(orders);
			TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
			transaction.executeWithoutResult((status) -> {
				orders.update("DELETE FROM purchase");
				status.setRollbackOnly();
			});
			assertThat(count(orders)).isEqualTo(40);
			assertThatAShardMayBeGone(orders);
		});
	}

	private static void assertAnswers(JdbcTemplate orders) {
		Map<String, Object> answers = Map.of(
				"SELECT count(*) FROM purchase a JOIN purchase b ON a.customer_id = b.customer_id + 1", 39L,
				"SELECT count(*) FROM purchase a WHERE EXISTS (SELECT 1 FROM purchase b WHERE b.amount < a.amount)",
				39L,
				"SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY amount DESC) AS n FROM purchase) x WHERE n = 1",
				1L, "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM purchase", 519.5,
				"WITH x AS (SELECT * FROM purchase WHERE amount >= 520) SELECT count(*) FROM x", 20L);
		answers.forEach(
				(sql, answer) -> assertThat(orders.queryForList(sql, Object.class)).as(sql).containsExactly(answer));
	}

	/**
	 * Rows are not moved out of a partition that is a foreign table. If that ever
	 * changes, the page can be shorter.
	 */
	private static void assertThatTheKeyIsNotUpdated(JdbcTemplate orders) throws SQLException {
		String update = "UPDATE purchase SET customer_id = 1000 + %d WHERE id = 5";
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> orders.update(update.formatted(1)))
			.withStackTraceContaining("permission denied for table purchase");
		server.execute("GRANT UPDATE ON purchase TO orders_app");
		boolean lost = false;
		for (int i = 1; i <= 8; i++) {
			assertThat(orders.update(update.formatted(i))).isOne();
			lost |= orders.queryForList("SELECT id FROM purchase WHERE customer_id = ?", 1000L + i).isEmpty();
		}
		assertThat(lost).isTrue();
		assertThat(count(orders)).isEqualTo(40);
	}

	private static void assertThatAShardMayBeGone(JdbcTemplate orders) throws SQLException {
		Integer session = orders.queryForObject("SELECT pg_backend_pid()", Integer.class);
		server.execute("postgres", "ALTER DATABASE shard_1 ALLOW_CONNECTIONS false");
		try {
			server.execute("postgres",
					"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shard_1'");
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> count(orders));
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> count(orders))
				.withStackTraceContaining("could not connect to server \"shard_1\"");
			assertThat(orders.queryForObject("SELECT pg_backend_pid()", Integer.class)).isEqualTo(session);
		}
		finally {
			server.execute("postgres", "ALTER DATABASE shard_1 ALLOW_CONNECTIONS true");
		}
		assertThat(count(orders)).isEqualTo(40);
	}

	private static long count(JdbcTemplate template) {
		return template.queryForObject("SELECT count(*) FROM purchase", Long.class);
	}

	private static List<String> plan(JdbcTemplate template, String sql) {
		return template.queryForList("EXPLAIN " + sql, String.class);
	}

}
