package io.appdbs.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for replicas of embedded PostgreSQL servers.
 */
class EmbeddedReplicaTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final String SLOTS = "SELECT count(*) FROM pg_replication_slots";

	@Test
	void databasesShareReplicasOfTheSameNumber(@TempDir Path directory) throws Exception {
		String url = "embedded:postgresql?data-dir=" + directory;
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			String orders = servers.getUrl(url, "orders");
			execute(orders, "CREATE TABLE item (id INT)");
			String first = servers.getReplicaUrl(url, "orders", 1);
			// created while the replica runs
			servers.getUrl(url, "inventory");
			assertThat(port(servers.getReplicaUrl(url, "inventory", 1))).isEqualTo(port(first))
				.isNotEqualTo(port(orders));
			assertThat(port(servers.getReplicaUrl(url, "orders", 2))).isNotIn(port(first), port(orders));
			execute(orders, "INSERT INTO item VALUES (1)");
			Awaitility.await().atMost(TIMEOUT).until(() -> query(first, "SELECT count(*) FROM item") == 1);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> execute(first, "INSERT INTO item VALUES (2)"))
				.withMessage("ERROR: cannot execute INSERT in a read-only transaction");
			assertThat(query(orders, SLOTS)).isEqualTo(2);
			assertThat(Folders.ofThisJvm()).hasSize(2);
		}
		assertThat(Folders.ofThisJvm()).isEmpty();
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			String orders = servers.getUrl(url, "orders");
			assertThat(query(orders, "SELECT count(*) FROM item")).isOne();
			assertThat(query(orders, SLOTS)).isZero();
		}
	}

	@Test
	void readOnlyTransactionsRunOnTheReplica() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=embedded:postgresql",
					"app.dbs.orders.replicas[0].url=embedded:postgresql",
					"app.dbs.orders.replica-reads.read-own-writes-for=0")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
				jdbc.execute("CREATE TABLE item (id INT)");
				TransactionTemplate reading = new TransactionTemplate(
						context.getBean(TransactionTemplate.class).getTransactionManager());
				reading.setReadOnly(true);
				Awaitility.await()
					.atMost(TIMEOUT)
					.until(() -> reading
						.execute((status) -> jdbc.queryForObject("SELECT pg_is_in_recovery()", Boolean.class)));
				assertThat(jdbc.queryForObject("SELECT pg_is_in_recovery()", Boolean.class)).isFalse();
				Databases databases = context.getBean(Databases.class);
				Awaitility.await()
					.atMost(TIMEOUT)
					.until(() -> Duration.ZERO.equals(databases.get("orders-replica-1").getSnapshot().replica().lag()));
			});
	}

	private static String port(String url) {
		return url.replaceFirst(".*:", "").replaceFirst("/.*", "");
	}

	private static void execute(String url, String sql) throws SQLException {
		try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static int query(String url, String sql) throws SQLException {
		try (Connection connection = connect(url);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getInt(1);
		}
	}

	private static Connection connect(String url) throws SQLException {
		return DriverManager.getConnection("jdbc:" + url.replace("postgres@", "") + "?user=postgres");
	}

}
