package io.appdbs.lifecycle;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.testsupport.TcpProxy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a fail-over from a PostgreSQL server to its standby.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailOverTests {

	private static final Log logger = LogFactory.getLog(FailOverTests.class);

	private static final int WRITERS = 16;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class));

	@Test
	void whenAReplicaIsPromotedUnderLoadThenWritesGoOnThereAndNoneIsLost() throws Exception {
		try (RestartablePostgres primary = RestartablePostgres.create()) {
			primary.execute("postgres", "CREATE TABLE note (id BIGINT PRIMARY KEY)");
			try (RestartablePostgres standby = primary.createStandby()) {
				// acknowledged writes are on both servers
				primary.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
				primary.execute("postgres", "SELECT pg_reload_conf()");
				String hosts = primary.address() + "," + standby.address();
				this.runner
					.withPropertyValues(
							"app.dbs.orders.url=postgresql://postgres@" + hosts
									+ "/postgres?target_session_attrs=read-write",
							"app.dbs.orders.pool.max-size=" + WRITERS)
					.run((context) -> failOver(context.getBean("ordersJdbcTemplate", JdbcTemplate.class),
							context.getBean("ordersTransactionTemplate", TransactionTemplate.class), primary, standby));
			}
		}
	}

	private static void failOver(JdbcTemplate jdbc, TransactionTemplate transaction, RestartablePostgres primary,
			RestartablePostgres standby) throws Exception {
		AtomicLong next = new AtomicLong();
		AtomicBoolean done = new AtomicBoolean();
		Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
		ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
		try {
			List<Future<?>> writers = new ArrayList<>();
			for (int i = 0; i < WRITERS; i++) {
				writers.add(threads.submit(() -> write(jdbc, transaction, next, done, acknowledged)));
			}
			Awaitility.await().until(() -> acknowledged.size() > 200);
			primary.kill();
			long killed = System.nanoTime();
			standby.execute("postgres", "SELECT pg_promote()");
			int before = acknowledged.size();
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > before + 200);
			logger.info("200 writes were acknowledged again %d ms after the server was killed"
				.formatted(Duration.ofNanos(System.nanoTime() - killed).toMillis()));
			done.set(true);
			for (Future<?> writer : writers) {
				writer.get();
			}
		}
		finally {
			done.set(true);
			threads.shutdownNow();
		}
		Set<Long> found = new HashSet<>(jdbc.queryForList("SELECT id FROM note", Long.class));
		assertThat(found).containsAll(acknowledged);
	}

	private static void write(JdbcTemplate jdbc, TransactionTemplate transaction, AtomicLong next, AtomicBoolean done,
			Set<Long> acknowledged) {
		while (!done.get()) {
			long id = next.getAndIncrement();
			try {
				transaction.executeWithoutResult((status) -> jdbc.update("INSERT INTO note VALUES (?)", id));
				acknowledged.add(id);
			}
			catch (DataAccessException | TransactionException ex) {
				// not acknowledged
			}
		}
	}

	@Test
	void whenTheAddressMovesFromAReadOnlyServerToAPrimaryThenWritesGoToThePrimary() throws Exception {
		try (RestartablePostgres primary = RestartablePostgres.create()) {
			primary.execute("postgres", "CREATE TABLE note (id BIGINT PRIMARY KEY)");
			try (RestartablePostgres standby = primary.createStandby();
					TcpProxy proxy = new TcpProxy(standby.address())) {
				this.runner
					.withPropertyValues("app.dbs.orders.url=postgresql://postgres@" + proxy.address() + "/postgres",
							"app.dbs.orders.pool.max-size=4")
					.run((context) -> {
						JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
						assertThat(jdbc.queryForObject("SELECT pg_is_in_recovery()", Boolean.class)).isTrue();
						// as a name does that is given to another server: the connections
						// stay where they are
						proxy.lead(primary.address());
						assertThatExceptionOfType(DataAccessException.class)
							.isThrownBy(() -> jdbc.update("INSERT INTO note VALUES (1)"))
							.withMessageContaining("read-only transaction");
						assertThat(jdbc.update("INSERT INTO note VALUES (2)")).isOne();
						for (int i = 3; i < 10; i++) {
							assertThat(jdbc.update("INSERT INTO note VALUES (?)", i)).isOne();
						}
					});
			}
		}
	}

	@Test
	void whenAReadOnlyTransactionWritesThenConnectionsAreKept() throws Exception {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:postgresql", "app.dbs.orders.pool.max-size=1")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				jdbc.execute("CREATE TABLE note (id BIGINT PRIMARY KEY)");
				TransactionTemplate readOnly = new TransactionTemplate(
						context.getBean("ordersTransactionTemplate", TransactionTemplate.class)
							.getTransactionManager());
				readOnly.setReadOnly(true);
				Integer before = jdbc.queryForObject("SELECT pg_backend_pid()", Integer.class);
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(
							() -> readOnly.executeWithoutResult((status) -> jdbc.update("INSERT INTO note VALUES (1)")))
					.withMessageContaining("read-only transaction");
				assertThat(jdbc.queryForObject("SELECT pg_backend_pid()", Integer.class)).isEqualTo(before);
			});
	}

	@Test
	void whenABorrowerBeginsAReadOnlyTransactionThenConnectionsAreKept() throws Exception {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:postgresql", "app.dbs.orders.pool.max-size=2")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				jdbc.execute("CREATE TABLE innocent (id BIGINT PRIMARY KEY)");
				HikariPoolMXBean pool = pool(context);
				Awaitility.await().until(() -> pool.getIdleConnections() == 2);
				List<Integer> before = pids(jdbc);
				for (int i = 0; i < 3; i++) {
					assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
						try (Connection connection = context.getBean("ordersDataSource", DataSource.class)
							.getConnection(); Statement statement = connection.createStatement()) {
							connection.setAutoCommit(false);
							statement.execute("SET TRANSACTION READ ONLY");
							statement.execute("INSERT INTO innocent VALUES (1)");
						}
					}).withMessageContaining("read-only transaction");
				}
				assertThat(pids(jdbc)).isEqualTo(before);
			});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenNewConnectionsAreReadOnlyTooThenItIsLoggedOnceAndConnectionsAreKept(CapturedOutput output)
			throws Exception {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:postgresql", "app.dbs.orders.pool.max-size=2")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				jdbc.execute("CREATE TABLE archive (id BIGINT PRIMARY KEY)");
				String database = jdbc.queryForObject("SELECT current_database()", String.class);
				jdbc.execute("ALTER DATABASE %s SET default_transaction_read_only = on".formatted(database));
				HikariPoolMXBean pool = pool(context);
				pool.softEvictConnections();
				Awaitility.await().until(() -> pool.getIdleConnections() == 2);
				List<Integer> before = pids(jdbc);
				Awaitility.await().during(Duration.ofMillis(2500)).atMost(Duration.ofSeconds(20)).until(() -> {
					assertThatExceptionOfType(DataAccessException.class)
						.isThrownBy(() -> jdbc.update("INSERT INTO archive VALUES (1)"))
						.withMessageContaining("read-only transaction");
					return pids(jdbc).equals(before);
				});
			});
		assertThat(output)
			.containsOnlyOnce("Database 'orders': the server does not accept writes, not even on a new connection: ")
			.doesNotContain("so its connections are replaced");
	}

	private static HikariPoolMXBean pool(ApplicationContext context) throws SQLException {
		return context.getBean("ordersDataSource", DataSource.class)
			.unwrap(HikariDataSource.class)
			.getHikariPoolMXBean();
	}

	/** Of the connections of the pool. */
	private static List<Integer> pids(JdbcTemplate jdbc) {
		return jdbc.queryForList("""
				SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
				ORDER BY pid""", Integer.class);
	}

}
