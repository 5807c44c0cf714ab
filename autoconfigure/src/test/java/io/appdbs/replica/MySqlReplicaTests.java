package io.appdbs.replica;

import java.sql.SQLException;
import java.time.Duration;

import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.server.MySqlServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresMySql;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a replica that follows a MySQL server by GTIDs.
 */
@RequiresMySql
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MySqlReplicaTests {

	private static MySqlServer source;

	private static MySqlServer replica;

	@BeforeAll
	static void startServers() throws SQLException {
		source = start(1);
		replica = start(2);
		source.execute("CREATE USER follower IDENTIFIED BY 's3cr3t'", "GRANT REPLICATION SLAVE ON *.* TO follower",
				"CREATE USER reader IDENTIFIED BY 's3cr3t'", "CREATE DATABASE orders",
				"GRANT ALL ON orders.* TO reader", "CREATE TABLE orders.note (id INT AUTO_INCREMENT PRIMARY KEY)");
		replica.execute(
				"CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = %d, SOURCE_USER = 'follower', SOURCE_PASSWORD = 's3cr3t', SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1"
					.formatted(source.getPort()),
				"START REPLICA");
	}

	private static MySqlServer start(int id) {
		return RealServers.startMySql("--server-id=" + id, "--log-bin=binlog", "--gtid-mode=ON",
				"--enforce-gtid-consistency=ON");
	}

	@AfterAll
	static void stopServers() throws Exception {
		replica.close();
		source.close();
	}

	@Test
	void whenTheReplicaLagsThenItIsLeftOutUntilItHasCaughtUp() {
		runner("root", "").run((context) -> {
			awaitReplica(context);
			assertThat(readPort(context)).isEqualTo(replica.getPort());
			replica.execute("STOP REPLICA SQL_THREAD");
			try {
				Awaitility.await().untilAsserted(() -> {
					jdbc(context).update("INSERT INTO note VALUES ()");
					assertThat(status(context).lag()).isGreaterThan(Duration.ofMillis(500));
				});
				assertThat(status(context).problem())
					.isEqualTo("has stopped replicating: its SQL thread is not running");
				assertThat(readPort(context)).isEqualTo(source.getPort());
			}
			finally {
				replica.execute("START REPLICA SQL_THREAD");
			}
			Awaitility.await().untilAsserted(() -> {
				assertThat(status(context).lag()).isZero();
				assertThat(status(context).problem()).isNull();
			});
			assertThat(readPort(context)).isEqualTo(replica.getPort());
		});
	}

	@Test
	void whenAChangeOfTheReplicaItselfStopsReplicationThenItIsLeftOut() {
		runner("root", "").run((context) -> {
			awaitReplica(context);
			replica.execute("INSERT INTO orders.note VALUES (1000000)");
			jdbc(context).update("INSERT INTO note VALUES (1000000)");
			Awaitility.await()
				.untilAsserted(() -> assertThat(status(context).problem())
					.isEqualTo("has stopped replicating: its SQL thread is not running (error 1062)"));
			assertThat(readPort(context)).isEqualTo(source.getPort());
			replica.execute("DELETE FROM orders.note WHERE id = 1000000", "START REPLICA");
			Awaitility.await().untilAsserted(() -> assertThat(status(context).problem()).isNull());
			Awaitility.await().untilAsserted(() -> assertThat(readPort(context)).isEqualTo(replica.getPort()));
		});
	}

	@Test
	void whenTheLoginMayNotSeeReplicationThenAReplicaIsLeftOutByItsLag() {
		runner("reader", "s3cr3t").run((context) -> {
			awaitReplica(context);
			replica.execute("STOP REPLICA SQL_THREAD");
			try {
				Awaitility.await().untilAsserted(() -> {
					jdbc(context).update("INSERT INTO note VALUES ()");
					assertThat(status(context).lag()).isGreaterThan(Duration.ofMillis(500));
				});
				assertThat(status(context).problem()).isNull();
				assertThat(readPort(context)).isEqualTo(source.getPort());
			}
			finally {
				replica.execute("START REPLICA SQL_THREAD");
			}
			Awaitility.await().untilAsserted(() -> assertThat(status(context).lag()).isZero());
		});
	}

	private static void awaitReplica(ApplicationContext context) {
		Awaitility.await().until(() -> snapshot(context).state() == DatabaseState.UP);
		Awaitility.await().until(() -> Duration.ZERO.equals(status(context).lag()));
	}

	private static DatabaseSnapshot snapshot(ApplicationContext context) {
		return context.getBean(DatabaseLifecycle.class).get("orders-replica-1").getSnapshot();
	}

	private static DatabaseReplica status(ApplicationContext context) {
		return snapshot(context).replica();
	}

	private static JdbcTemplate jdbc(ApplicationContext context) {
		return context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
	}

	private static Integer readPort(ApplicationContext context) {
		TransactionTemplate readOnly = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		readOnly.setReadOnly(true);
		return readOnly.execute((status) -> jdbc(context).queryForObject("SELECT @@port", Integer.class));
	}

	private static ApplicationContextRunner runner(String username, String password) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + source.getUrl("orders"), "app.dbs.orders.username=" + username,
					"app.dbs.orders.password=" + password, "app.dbs.orders.replicas[0].url=" + replica.getUrl("orders"),
					"app.dbs.orders.health.interval=200ms", "app.dbs.orders.health.timeout=200ms",
					"app.dbs.orders.replica-reads.read-own-writes-for=0", "app.dbs.orders.replica-reads.max-lag=500ms");
	}

}
