package io.appdbs.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.appdbs.Database;
import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.server.CitusServer;
import io.appdbs.testsupport.server.RequiresCitus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a cluster of Citus, one of whose workers is taken away by another port in the
 * metadata of the coordinator.
 */
@RequiresCitus
class CitusClusterTests {

	private static final String MOVE = "UPDATE pg_dist_node SET nodeport = nodeport + %d WHERE nodeid = (SELECT max(nodeid) FROM pg_dist_node)";

	@BeforeAll
	static void createTable() throws SQLException {
		dropTable();
		CitusServer.get()
			.execute("CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL)",
					"SELECT create_distributed_table('account', 'id', shard_count => 8)",
					"INSERT INTO account SELECT i, 100 FROM generate_series(1, 40) i");
	}

	@AfterAll
	static void dropTable() throws SQLException {
		CitusServer.get().execute("DROP TABLE IF EXISTS account");
	}

	@Test
	void whenAWorkerIsGoneThenStatementsThatNeedItFailAndOthersWork() {
		CitusServer server = CitusServer.get();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.accounts.url=postgresql://" + server.url(),
					"app.dbs.accounts.username=postgres", "app.dbs.accounts.pool.max-size=2",
					"app.dbs.accounts.retry.enabled=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Database database = context.getBean(Databases.class).get("accounts");
				JdbcTemplate template = context.getBean(JdbcTemplate.class);
				TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
				assertThat(cluster(database).product()).startsWith("Citus ");
				assertThat(cluster(database).nodes()).extracting(Node::role).startsWith("coordinator", "worker");
				awaitUnreachable(database, 0);
				List<Integer> sessions = sessions(template);
				server.execute(MOVE.formatted(20_000));
				try {
					int failed = 0;
					for (int id = 1; id <= 40; id++) {
						int account = id;
						try {
							transaction.executeWithoutResult((status) -> template
								.update("UPDATE account SET balance = balance + 1 WHERE id = ?", account));
						}
						catch (DataAccessResourceFailureException ex) {
							assertThat(ex).hasMessageContaining("connection to the remote node");
							failed++;
						}
					}
					assertThat(failed).isBetween(1, 39);
					assertThatExceptionOfType(DataAccessResourceFailureException.class)
						.isThrownBy(() -> template.queryForObject("SELECT sum(balance) FROM account", Long.class));
					awaitUnreachable(database, 1);
					assertThat(database.getState()).isEqualTo(DatabaseState.UP);
					assertThat(database.getLastFailure()).isNull();
					assertThat(sessions(template)).isEqualTo(sessions);
					server.execute(MOVE.formatted(-20_000));
					assertThat(template.queryForObject("SELECT sum(balance) FROM account", Long.class))
						.isEqualTo(4000 + 40 - failed);
					awaitUnreachable(database, 0);
				}
				finally {
					server.execute(
							"UPDATE pg_dist_node SET nodeport = nodeport - 20000 WHERE nodeport > 20000 AND nodeid = (SELECT max(nodeid) FROM pg_dist_node)");
				}
			});
	}

	private static DatabaseCluster cluster(Database database) {
		return database.getSnapshot().server().cluster();
	}

	private static void awaitUnreachable(Database database, int nodes) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> cluster(database).findUnreachable().size() == nodes
					&& cluster(database).nodes().stream().allMatch((node) -> node.reachable() != null));
	}

	private static List<Integer> sessions(JdbcTemplate template) {
		return template.queryForList("SELECT pg_backend_pid()", Integer.class);
	}

}
