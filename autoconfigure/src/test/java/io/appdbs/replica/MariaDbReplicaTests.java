package io.appdbs.replica;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.audit.AuditSink;
import io.appdbs.audit.RecordedEvents;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.embedded.FollowedMariaDb;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for replicas, on a MariaDB server and two that follow it.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MariaDbReplicaTests {

	private static final Logger logger = (Logger) LoggerFactory.getLogger("io.appdbs.jdbc.ReplicationProbe");

	private static final AtomicInteger next = new AtomicInteger(1_000_000);

	private static FollowedMariaDb servers;

	@BeforeAll
	static void startServers() throws Exception {
		logger.setLevel(Level.INFO);
		servers = FollowedMariaDb.start(2);
		servers.execute(0, "CREATE DATABASE orders");
		servers.execute(0, "CREATE TABLE orders.note (id INT AUTO_INCREMENT PRIMARY KEY)");
	}

	@AfterAll
	static void stopServers() throws Exception {
		logger.setLevel(null);
		servers.close();
	}

	@Test
	void whenATransactionIsReadOnlyThenAReplicaServesItAndRefusesWrites() {
		RecordedEvents events = new RecordedEvents();
		runner("mariadb").withBean(AuditSink.class, () -> events)
			.withPropertyValues("app.dbs.orders.audit.statements=all")
			.run((context) -> {
				awaitReplicas(context);
				events.take();
				assertThat(readPorts(context)).containsExactlyInAnyOrder(servers.port(1), servers.port(2));
				assertThat(events.takeLines()).isNotEmpty().containsOnly("committed by - | SELECT @@port -> 1");
				JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				assertThat(jdbc.queryForObject("SELECT @@port", Integer.class)).isEqualTo(servers.port(0));
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> readOnly(context)
					.executeWithoutResult((status) -> jdbc.update("INSERT INTO note VALUES ()")));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void whenAChangeThatTheReplicaHasMadeItselfStopsReplicationThenTheReplicaIsLeftOut(String scheme,
			CapturedOutput output) {
		String problem = "has stopped replicating: its SQL thread is not running (error 1062)";
		runner(scheme).withPropertyValues("app.dbs.orders.replica-reads.on-unavailable=fail").run((context) -> {
			awaitReplicas(context);
			JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			int conflict = writeAhead();
			try {
				jdbc.update("INSERT INTO note VALUES (?)", conflict);
				Awaitility.await()
					.untilAsserted(() -> assertThat(replica(context, 1).replica().problem()).isEqualTo(problem));
				assertThat(readPorts(context)).containsExactly(servers.port(2));
				Awaitility.await()
					.untilAsserted(() -> assertThat(replica(context, 1).replica().lag()).isGreaterThan(Duration.ZERO));
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				lifecycle.getOperations("orders-replica-2").suspend(false, Duration.ZERO);
				assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(() -> readPorts(context))
					.havingCause()
					.withMessage("Database 'orders' has no eligible replica: 'orders-replica-1' " + problem
							+ ", 'orders-replica-2' is suspended. Set 'app.dbs.orders.replica-reads.on-unavailable'"
							+ " to 'primary' to read from the database itself in this case.");
				lifecycle.getOperations("orders-replica-2").resume();
			}
			finally {
				servers.execute(1, "DELETE FROM orders.note WHERE id >= " + conflict);
				servers.execute(1, "START SLAVE");
			}
			Awaitility.await().untilAsserted(() -> assertThat(replica(context, 1).replica().problem()).isNull());
			Awaitility.await().untilAsserted(() -> assertThat(replica(context, 1).replica().lag()).isZero());
			assertThat(readPorts(context)).containsExactlyInAnyOrder(servers.port(1), servers.port(2));
			assertThat(output)
				.containsOnlyOnce("Database 'orders-replica-1' " + problem
						+ ". It is not eligible for reads until it follows the server of database 'orders'.")
				.containsOnlyOnce("Database 'orders-replica-1' follows the server of database 'orders' again");
		});
	}

	@Test
	void whenTheReplicaFollowsNoOtherServerThenItServesNoReads(CapturedOutput output) {
		try (EmbeddedServers others = new EmbeddedServers(null)) {
			runner("mariadb")
				.withPropertyValues("app.dbs.orders.replicas[0].url=" + others.getUrl("embedded:mariadb", "copy"))
				.run((context) -> {
					awaitReplicas(context);
					assertThat(replica(context, 1).replica())
						.isEqualTo(new DatabaseReplica("orders", null, "follows no other server"));
					assertThat(readPorts(context)).containsExactly(servers.port(2));
					assertThat(output).containsOnlyOnce(
							"Database 'orders-replica-1' follows no other server. It is not eligible for reads until it follows the server of database 'orders'.");
				});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void whenTheLoginMayNotSeeReplicationThenAReplicaThatHasStoppedIsLeftOutByItsLag(String scheme,
			CapturedOutput output) throws Exception {
		servers.execute(0, "CREATE OR REPLACE USER reader");
		servers.execute(0, "GRANT SELECT ON orders.* TO reader");
		runner(scheme).withPropertyValues("app.dbs.orders.replicas[0].username=reader").run((context) -> {
			awaitReplicas(context);
			int own = writeAhead();
			servers.execute(1, "DELETE FROM orders.note WHERE id >= " + own);
			assertThat(problemWhileLeftOut(context)).isNull();
			assertThat(output).containsOnlyOnce(
					"Database 'orders-replica-1': the login has no privilege to read whether replication is running, so a stopped replica is detected by its lag only. Grant SLAVE MONITOR to it.");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void whenAReplicaLagsThenItIsLeftOutUntilItHasCaughtUp(String scheme) {
		runner(scheme).run((context) -> {
			awaitReplicas(context);
			problemWhileLeftOut(context);
			assertThat(readPorts(context)).containsExactlyInAnyOrder(servers.port(1), servers.port(2));
		});
	}

	/**
	 * Asserts that a replica is left out while it lags.
	 * @return the problem that is reported meanwhile or {@code null}
	 */
	private static String problemWhileLeftOut(ApplicationContext context) throws SQLException {
		String problem;
		JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
		servers.execute(1, "STOP SLAVE SQL_THREAD");
		try {
			Awaitility.await().untilAsserted(() -> {
				jdbc.update("INSERT INTO note VALUES ()");
				assertThat(replica(context, 1).replica().lag()).isGreaterThan(Duration.ofMillis(500));
			});
			problem = replica(context, 1).replica().problem();
			assertThat(readPorts(context)).containsExactly(servers.port(2));
		}
		finally {
			servers.execute(1, "START SLAVE SQL_THREAD");
		}
		Awaitility.await().untilAsserted(() -> assertThat(replica(context, 1).replica().lag()).isZero());
		return problem;
	}

	@Test
	void whenTheServerWritesNoLogThenNoLagIsKnownWhichIsSaidOnce(CapturedOutput output) {
		try (EmbeddedServers others = new EmbeddedServers(null)) {
			String url = others.getUrl("embedded:mariadb", "orders");
			runner("mariadb")
				.withPropertyValues("app.dbs.orders.url=" + url,
						"app.dbs.orders.replicas[0].url=" + others.getUrl("embedded:mariadb", "copy"))
				.run((context) -> {
					awaitReplicas(context);
					Awaitility.await().until(() -> replica(context, 2).replica().lag() == null);
					assertThat(output).containsOnlyOnce(
							"Database 'orders': the server does not report its replication position, so no lag is known, and replicas are eligible whatever their lag.");
				});
		}
	}

	/**
	 * Have the first replica write so much itself that its last GTID is ahead.
	 * @return the first row that it has written
	 */
	private static int writeAhead() throws SQLException {
		int first = next.getAndAdd(1000);
		for (int i = 0; i < 100; i++) {
			servers.execute(1, "INSERT INTO orders.note VALUES (%d)".formatted(first + i));
		}
		return first;
	}

	private static ApplicationContextRunner runner(String scheme) {
		String url = scheme + "://%s/orders";
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url.formatted(servers.address(0)),
					"app.dbs.orders.username=root",
					"app.dbs.orders.replicas[0].url=" + url.formatted(servers.address(1)),
					"app.dbs.orders.replicas[1].url=" + url.formatted(servers.address(2)),
					"app.dbs.orders.health.interval=200ms", "app.dbs.orders.health.timeout=200ms",
					"app.dbs.orders.replica-reads.read-own-writes-for=0", "app.dbs.orders.replica-reads.max-lag=500ms");
	}

	private static void awaitReplicas(ApplicationContext context) {
		for (int i = 1; i <= 2; i++) {
			int id = i;
			Awaitility.await().until(() -> replica(context, id).state() == DatabaseState.UP);
		}
	}

	private static DatabaseSnapshot replica(ApplicationContext context, int id) {
		return context.getBean(DatabaseLifecycle.class).get("orders-replica-" + id).getSnapshot();
	}

	private static TransactionTemplate readOnly(ApplicationContext context) {
		TransactionTemplate readOnly = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		readOnly.setReadOnly(true);
		return readOnly;
	}

	private static Set<Integer> readPorts(ApplicationContext context) {
		JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
		Set<Integer> ports = new HashSet<>();
		for (int i = 0; i < 6; i++) {
			ports.add(readOnly(context).execute((status) -> jdbc.queryForObject("SELECT @@port", Integer.class)));
		}
		return ports;
	}

}
