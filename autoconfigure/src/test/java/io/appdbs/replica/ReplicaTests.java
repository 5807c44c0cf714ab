package io.appdbs.replica;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.autoconfigure.DatabaseHealthContributorAutoConfiguration;
import io.appdbs.autoconfigure.DatabaseMetricsAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.jdbc.PoolExhaustedException;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseOperations;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.SeparateThread;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for replicas, on a PostgreSQL server and two that follow it.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplicaTests {

	private static final Log logger = LogFactory.getLog(ReplicaTests.class);

	private static final String PORT = "SELECT current_setting('port')";

	private static RestartablePostgres primary;

	private static final List<RestartablePostgres> standbys = new ArrayList<>();

	private static final Configurations HEALTH = AutoConfigurations.of(DatabaseHealthContributorAutoConfiguration.class,
			HealthContributorRegistryAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=postgresql://postgres@" + primary.address() + "/postgres",
				"app.dbs.orders.replicas[0].url=postgresql://postgres@" + standbys.get(0).address() + "/postgres",
				"app.dbs.orders.replicas[1].url=postgresql://reader@" + standbys.get(1).address() + "/postgres",
				"app.dbs.orders.pool.max-size=8", "app.dbs.orders.health.interval=200ms",
				"app.dbs.orders.health.timeout=200ms");

	@BeforeAll
	static void startServers() throws Exception {
		primary = RestartablePostgres.create();
		primary.execute("postgres", "CREATE ROLE reader LOGIN IN ROLE pg_read_all_data");
		primary.execute("postgres", "CREATE TABLE note (id BIGINT PRIMARY KEY, version INT NOT NULL)");
		primary.execute("postgres", """
				CREATE ROLE app LOGIN;
				CREATE ROLE bypassing LOGIN BYPASSRLS;
				CREATE ROLE reading LOGIN;
				CREATE SCHEMA secured;
				GRANT USAGE ON SCHEMA secured TO app, bypassing, reading;
				CREATE TABLE secured.secret (owner TEXT PRIMARY KEY);
				ALTER TABLE secured.secret ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON secured.secret
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				GRANT SELECT, INSERT ON secured.secret TO app, bypassing;
				GRANT SELECT ON secured.secret TO reading;
				INSERT INTO secured.secret VALUES ('alice'), ('bob')""");
		standbys.add(primary.createStandby());
		standbys.add(primary.createStandby());
	}

	@AfterAll
	static void stopServers() throws Exception {
		for (RestartablePostgres standby : standbys) {
			standby.close();
		}
		primary.close();
	}

	@Test
	void whenATransactionIsReadOnlyThenAReplicaServesItAndOtherwiseTheDatabaseItself() {
		run((orders) -> {
			assertThat(orders.readPort()).isIn(ports());
			assertThat(orders.snapshot("orders-replica-2").pool().maximum()).isEqualTo(8);
			assertThat(orders.port()).isEqualTo(port(primary));
			assertThat(orders.writePort()).isEqualTo(port(primary));
			// what was written lately is read where it was written, but by nobody else
			assertThat(orders.readPort()).isEqualTo(port(primary));
			assertThat(onAnotherThread(orders::readPort)).isIn(ports());
		});
	}

	@Test
	void whenAnotherThreadServesTheNextRequestOfASessionThenItReadsTheSessionsWrites() {
		MockHttpSession session = new MockHttpSession();
		run(this.runner.withPropertyValues("app.dbs.orders.replica-reads.read-own-writes-for=10s")
			.withBean(ReplicaReadsUserProvider.class, HttpReplicaReadsUserProvider::ofSession), (orders) -> {
				inRequest(session, orders::writePort);
				assertThat(onAnotherThread(() -> inRequest(session, orders::readPort))).isEqualTo(port(primary));
				assertThat(onAnotherThread(() -> inRequest(new MockHttpSession(), orders::readPort))).isIn(ports());
				assertThat(onAnotherThread(() -> inRequest(null, orders::readPort))).isIn(ports());
			});
	}

	@Test
	void whenBeansProvideTheUserThenTheFirstUserCountsAndSpringSecurityIsTheFallback() {
		ThreadLocal<String> first = new ThreadLocal<>();
		ThreadLocal<String> second = new ThreadLocal<>();
		run(this.runner.withPropertyValues("app.dbs.orders.replica-reads.read-own-writes-for=10s")
			.withBean("first", ReplicaReadsUserProvider.class, () -> first::get)
			.withBean("second", ReplicaReadsUserProvider.class, () -> second::get,
					(definition) -> ((AbstractBeanDefinition) definition)
						.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "orders"))),
				(orders) -> {
					first.set("alice");
					second.set("bob");
					orders.as("carol", orders::writePort);
					first.remove();
					assertThat(orders.as("carol", orders::readPort)).isIn(ports());
					orders.as("carol", orders::writePort);
					second.remove();
					assertThat(orders.as("carol", orders::readPort)).isIn(ports());
					orders.as("carol", orders::writePort);
					assertThat(readOnAnotherThread(orders, first, "alice")).isEqualTo(port(primary));
					assertThat(readOnAnotherThread(orders, second, "bob")).isEqualTo(port(primary));
					assertThat(readOnAnotherThread(orders, second, "dave")).isIn(ports());
					assertThat(onAnotherThread(() -> orders.as("carol", orders::readPort))).isEqualTo(port(primary));
				});
	}

	@Test
	void whenTheProviderIsForAnotherDatabaseThenItIsIgnored() {
		run(this.runner
			.withPropertyValues("app.dbs.other.url=jdbc:h2:mem:other", "app.dbs.orders.primary=true",
					"app.dbs.orders.replica-reads.read-own-writes-for=10s")
			.withBean(ReplicaReadsUserProvider.class, () -> () -> "all",
					(definition) -> ((AbstractBeanDefinition) definition)
						.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "other"))),
				(orders) -> {
					orders.writePort();
					assertThat(onAnotherThread(orders::readPort)).isIn(ports());
				});
	}

	@Test
	void changesToTheSessionOfAReplicaDoNotReachTheNextCaller() {
		run((orders) -> {
			for (int i = 0; i < 8; i++) {
				orders.readOnly().executeWithoutResult((status) -> {
					assertThat(orders.jdbc().queryForObject("SHOW search_path", String.class)).contains("public");
					orders.jdbc().execute((Connection connection) -> {
						connection.setSchema("pg_catalog");
						return null;
					});
				});
			}
		});
	}

	@Test
	void equallyLoadedReplicasTakeTurnsAndALoadedOneGetsLess() {
		run((orders) -> {
			assertThat(List.of(orders.readPort(), orders.readPort())).containsExactlyInAnyOrderElementsOf(ports());
			String busy = orders.readOnly().execute((status) -> {
				String held = orders.port();
				List<String> found = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					found.add(onAnotherThread(orders::readPort));
				}
				assertThat(found).doesNotContain(held);
				return held;
			});
			assertThat(busy).isIn(ports());
		});
	}

	@Test
	void whenATransactionIsNestedThenItStaysOnItsConnection() {
		run((orders) -> orders.readOnly().executeWithoutResult((status) -> {
			String port = orders.port();
			assertThat(orders.template().<String>execute((nested) -> orders.port())).isEqualTo(port).isIn(ports());
			TransactionTemplate requiresNew = new TransactionTemplate(orders.manager());
			requiresNew.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			assertThat(requiresNew.<String>execute((nested) -> orders.port())).isEqualTo(port(primary));
			assertThat(orders.port()).isEqualTo(port);
		}));
	}

	@Test
	void aReplicaRefusesWrites() {
		run((orders) -> assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> orders.readOnly()
				.executeWithoutResult((status) -> orders.jdbc().update("INSERT INTO note VALUES (-1, 0)")))
			.withMessageContaining("read-only transaction"));
	}

	@Test
	void whenAReplicaIsDownThenTheOtherServesAndWithNoneTheDatabaseItself() {
		run((orders) -> {
			standbys.get(0).kill();
			try {
				awaitState(orders, "orders-replica-1", DatabaseState.DOWN);
				assertThat(readPorts(orders, 6)).containsOnly(port(standbys.get(1)));
				orders.suspend("orders-replica-2");
				assertThat(readPorts(orders, 6)).containsOnly(port(primary));
				orders.operations("orders-replica-2").resume();
				assertThat(readPorts(orders, 2)).containsOnly(port(standbys.get(1)));
			}
			finally {
				standbys.get(0).restart();
			}
			awaitState(orders, "orders-replica-1", DatabaseState.UP);
			Awaitility.await().untilAsserted(() -> assertThat(readPorts(orders, 4)).containsAll(ports()));
		});
	}

	@Test
	void whenAllPoolsAreExhaustedThenTheTimeoutAppliesToAllTogether() {
		run(this.runner.withPropertyValues("app.dbs.orders.pool.max-size=1", "app.dbs.orders.pool.acquire-timeout=1s",
				"app.dbs.orders.replica-reads.read-own-writes-for=0"), (orders) -> {
					orders.readOnly().setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
					orders.readOnly()
						.executeWithoutResult((first) -> orders.readOnly().executeWithoutResult((second) -> {
							TransactionTemplate write = new TransactionTemplate(orders.manager());
							write.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
							write.executeWithoutResult((third) -> {
								long begin = System.nanoTime();
								assertThatExceptionOfType(CannotCreateTransactionException.class)
									.isThrownBy(orders::readPort)
									.withCauseInstanceOf(PoolExhaustedException.class);
								assertThat(Duration.ofNanos(System.nanoTime() - begin))
									.isLessThan(Duration.ofMillis(1900));
							});
						}));
				});
	}

	@Test
	void whenNoReplicaIsEligibleAndFallbackIsOffThenReadingFailsWithTheReasons() {
		run(this.runner.withPropertyValues("app.dbs.orders.replica-reads.on-unavailable=fail"), (orders) -> {
			orders.suspend("orders-replica-1");
			orders.suspend("orders-replica-2");
			assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(orders::readPort)
				.withMessage("Database 'orders': Could not open JDBC Connection for transaction")
				.havingCause()
				.withMessage("Database 'orders' has no eligible replica: 'orders-replica-1' is suspended,"
						+ " 'orders-replica-2' is suspended. Set 'app.dbs.orders.replica-reads.on-unavailable' to"
						+ " 'primary' to read from the database itself in this case.");
			assertThat(orders.writePort()).isEqualTo(port(primary));
		});
	}

	@Test
	void aLaggingReplicaIsExcludedUntilItHasCaughtUp() {
		run(this.runner.withPropertyValues("app.dbs.orders.replica-reads.max-lag=500ms",
				"app.dbs.orders.replica-reads.read-own-writes-for=0"), (orders) -> {
					standbys.get(0).execute("postgres", "SELECT pg_wal_replay_pause()");
					try {
						awaitLag(orders);
						assertThat(orders.snapshot("orders-replica-1").replica().of()).isEqualTo("orders");
						assertThat(readPorts(orders, 6)).containsOnly(port(standbys.get(1)));
					}
					finally {
						standbys.get(0).execute("postgres", "SELECT pg_wal_replay_resume()");
					}
					Awaitility.await()
						.untilAsserted(() -> assertThat(orders.snapshot("orders-replica-1").replica().lag()).isZero());
					assertThat(readPorts(orders, 4)).containsAll(ports());
				});
	}

	@Test
	void whatIsRequiredIsCheckedOnTheDatabaseAndLookedUpWhereItIsAsked() throws Exception {
		standbys.get(0).execute("postgres", "SELECT pg_wal_replay_pause()");
		try {
			primary.execute("postgres", "CREATE TABLE unreplicated (id BIGINT PRIMARY KEY)");
			this.runner
				.withPropertyValues("app.dbs.orders.startup.required-tables=unreplicated",
						"app.dbs.orders.startup.required-columns=unreplicated.id: number",
						"app.dbs.orders.startup.required-indexes=unreplicated(id) unique")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
					Awaitility.await().until(() -> lifecycle.get("orders-replica-1").getState() == DatabaseState.UP);
					assertThat(lifecycle.get("orders").getSchema().hasTable("unreplicated")).isTrue();
					assertThat(lifecycle.get("orders-replica-1").getSchema().hasTable("unreplicated")).isFalse();
					assertThat(lifecycle.get("orders-replica-1").getSchema().hasIndex("note", "id")).isTrue();
				});
		}
		finally {
			standbys.get(0).execute("postgres", "SELECT pg_wal_replay_resume()");
			primary.execute("postgres", "DROP TABLE unreplicated");
		}
	}

	@Test
	void aPromotedReplicaIsExcludedAndDegraded() throws Exception {
		try (RestartablePostgres promoted = primary.createStandby()) {
			run(this.runner.withConfiguration(HEALTH)
				.withPropertyValues(
						"app.dbs.orders.replicas[0].url=postgresql://postgres@" + promoted.address() + "/postgres"),
					(orders) -> {
						promoted.execute("postgres", "SELECT pg_promote()");
						Awaitility.await()
							.untilAsserted(() -> assertThat(orders.snapshot("orders-replica-1").replica())
								.isEqualTo(new DatabaseReplica("orders", null, "follows no other server")));
						assertThat(readPorts(orders, 4)).containsOnly(port(standbys.get(1)));
						Health replica = orders.health("orders-replica-1");
						assertThat(replica.getStatus()).isEqualTo(new Status("DEGRADED"));
						assertThat(replica.getDetails()).containsEntry("replicationProblem", "follows no other server");
						// it may take over the tables now, at positions of its own
						promoted.execute("postgres",
								"CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)");
						Awaitility.await()
							.untilAsserted(() -> assertThat(orders.snapshot("orders-replica-1").replica())
								.isEqualTo(new DatabaseReplica("orders", null, null)));
					});
		}
	}

	@Test
	void usersReadTheirOwnWrites() throws Exception {
		int pairs = Integer.getInteger("appdbs.replicas.pairs", 4000);
		run(this.runner.withPropertyValues("app.dbs.orders.replica-reads.read-own-writes-for=10s"), (orders) -> {
			AtomicInteger onReplicas = new AtomicInteger();
			AtomicBoolean done = new AtomicBoolean();
			FutureTask<Void> faults = new FutureTask<>(() -> {
				injectFaults(orders, done);
				return null;
			});
			new Thread(faults).start();
			try {
				ConcurrentTasks.run(8, (thread) -> {
					for (int id = thread; id < pairs; id += 8) {
						writeAndRead(orders, id);
						// another user, who has not written
						if (isReadOnReplica(orders, "reader-" + id)) {
							onReplicas.incrementAndGet();
						}
					}
					return null;
				});
			}
			finally {
				done.set(true);
				faults.get();
			}
			logger.info("%d pairs of writing and reading, and %d of as many reads of others on replicas"
				.formatted(pairs, onReplicas.get()));
			assertThat(onReplicas.get()).isPositive();
		});
	}

	@Test
	void whenTheDatabaseHasRowLevelSecurityThenItsReplicasHaveItToo() {
		secured("app", "bypassing").run((context) -> {
			Orders orders = Orders.of(context);
			awaitState(orders, "orders-replica-1", DatabaseState.UP);
			// its login would see the rows of all
			awaitState(orders, "orders-replica-2", DatabaseState.DOWN);
			assertThat(orders.snapshot("orders-replica-2").outage().reason()).contains("BYPASSRLS");
			for (String user : List.of("alice", "bob")) {
				RlsContextHolder.runAs(RlsContext.of(user), () -> {
					assertThat(orders.readPort()).isEqualTo(port(standbys.get(0)));
					List<String> owners = orders.readOnly()
						.execute((status) -> orders.jdbc()
							.queryForList("SELECT owner FROM secured.secret", String.class));
					assertThat(owners).containsExactly(user);
				});
			}
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(orders::readPort)
				.withStackTraceContaining("no user");
		});
	}

	@Test
	void whenPoliciesNoLongerBindTheLoginOfAReplicaThenTheDatabaseItselfServesReads() {
		run(secured("reading", "app").withPropertyValues("app.dbs.orders.rls.verify-interval=1s"), (orders) -> {
			primary.execute("postgres", "ALTER ROLE reading BYPASSRLS");
			awaitState(orders, "orders-replica-1", DatabaseState.DOWN);
			assertThat(orders.snapshot("orders-replica-1").outage().reason())
				.contains("role reading has BYPASSRLS, so no policy binds it.");
			assertThat(orders.snapshot("orders").state()).isEqualTo(DatabaseState.UP);
			RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
				assertThat(readPorts(orders, 6)).containsOnly(port(standbys.get(1)));
				orders.operations("orders-replica-2").suspend(true, Duration.ofSeconds(10));
				assertThat(orders.readPort()).isEqualTo(port(primary));
			});
			primary.execute("postgres", "ALTER ROLE reading NOBYPASSRLS");
			awaitState(orders, "orders-replica-1", DatabaseState.UP);
			RlsContextHolder.runAs(RlsContext.of("alice"),
					() -> assertThat(orders.readPort()).isEqualTo(port(standbys.get(0))));
		});
	}

	@Test
	void transactionsOfAnApplicationDefinedManagerAreRouted() {
		run(this.runner.withUserConfiguration(OwnManager.class), (orders) -> {
			TransactionTemplate readOnly = new TransactionTemplate(
					orders.context().getBean("ownManager", PlatformTransactionManager.class));
			readOnly.setReadOnly(true);
			assertThat(readOnly.<String>execute((status) -> orders.port())).isIn(ports());
		});
	}

	@Test
	void whenAJpaTransactionIsReadOnlyThenAReplicaServesItAndOtherwiseTheDatabaseItself() {
		// at the start Hibernate borrows a connection that could write
		run(this.runner.withUserConfiguration(Jpa.class)
			.withPropertyValues("app.dbs.orders.replica-reads.read-own-writes-for=0"), (orders) -> {
				assertThat(orders.manager()).isInstanceOf(JpaTransactionManager.class);
				EntityManager entities = SharedEntityManagerCreator
					.createSharedEntityManager(orders.context().getBean(EntityManagerFactory.class));
				assertThat(orders.readOnly()
					.<Object>execute((status) -> entities.createNativeQuery(PORT).getSingleResult())).isIn(ports());
				assertThat(orders.template()
					.<Object>execute((status) -> entities.createNativeQuery(PORT).getSingleResult()))
					.isEqualTo(port(primary));
			});
	}

	@Test
	void eachReplicaHasHealthAndMeters() {
		run(this.runner.withConfiguration(HEALTH)
			.withConfiguration(AutoConfigurations.of(DatabaseMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class), (orders) -> {
				CompositeHealthContributor health = orders.health();
				assertThat(health.stream().map(HealthContributors.Entry::name)).containsExactly("orders",
						"orders-replica-1", "orders-replica-2");
				Awaitility.await()
					.until(() -> orders.health("orders-replica-1").getDetails().containsKey("replicationLag"));
				Health replica = orders.health("orders-replica-1");
				assertThat(replica.getStatus()).isEqualTo(Status.UP);
				assertThat(replica.getDetails()).containsEntry("replicaOf", "orders")
					.containsEntry("required", false)
					.containsKey("replicationLag");
				MeterRegistry registry = orders.context().getBean(MeterRegistry.class);
				orders.context()
					.getBeansOfType(MeterBinder.class)
					.values()
					.forEach((binder) -> binder.bindTo(registry));
				assertThat(registry.get("appdbs.replication.lag").tag("db", "orders-replica-1").timeGauge().value())
					.isNotNegative();
				assertThat(registry.find("appdbs.replication.lag").tag("db", "orders").timeGauge()).isNull();
				assertThat(registry.get("hikaricp.connections.max").tag("pool", "orders-replica-2").gauge().value())
					.isEqualTo(8);
			});
	}

	/**
	 * A replica that is killed fails its readers.
	 */
	private static boolean isReadOnReplica(Orders orders, String user) {
		try {
			return ports().contains(orders.as(user, orders::readPort));
		}
		catch (DataAccessException | TransactionException ex) {
			return false;
		}
	}

	private static void writeAndRead(Orders orders, int id) {
		int version = ThreadLocalRandom.current().nextInt();
		orders.as("writer-" + id, () -> {
			String sql = "INSERT INTO note VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version";
			if (ThreadLocalRandom.current().nextBoolean()) {
				orders.jdbc().update(sql, id, version);
			}
			else {
				orders.template().executeWithoutResult((status) -> orders.jdbc().update(sql, id, version));
			}
			Integer read = orders.readOnly()
				.execute((status) -> orders.jdbc()
					.queryForObject("SELECT version FROM note WHERE id = ?", Integer.class, id));
			assertThat(read).isEqualTo(version);
			return null;
		});
	}

	/**
	 * Pause and kill one of the replicas in turn.
	 */
	private static void injectFaults(Orders orders, AtomicBoolean done) throws Exception {
		while (!done.get()) {
			standbys.get(0).execute("postgres", "SELECT pg_wal_replay_pause()");
			awaitLag(orders);
			standbys.get(0).execute("postgres", "SELECT pg_wal_replay_resume()");
			standbys.get(0).kill();
			try {
				awaitState(orders, "orders-replica-1", DatabaseState.DOWN);
			}
			finally {
				standbys.get(0).restart();
			}
			awaitState(orders, "orders-replica-1", DatabaseState.UP);
		}
	}

	private ApplicationContextRunner secured(String first, String second) {
		return this.runner.withPropertyValues("app.dbs.orders.rls.enabled=true", "app.dbs.orders.rls.schemas=secured",
				"app.dbs.orders.url=postgresql://app@" + primary.address() + "/postgres",
				"app.dbs.orders.replicas[0].url=postgresql://" + first + "@" + standbys.get(0).address() + "/postgres",
				"app.dbs.orders.replicas[1].url=postgresql://" + second + "@" + standbys.get(1).address()
						+ "/postgres");
	}

	private static String readOnAnotherThread(Orders orders, ThreadLocal<String> user, String name) {
		return onAnotherThread(() -> {
			user.set(name);
			return orders.readPort();
		});
	}

	private static <T> T inRequest(MockHttpSession session, Supplier<T> task) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setSession(session);
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
		try {
			return task.get();
		}
		finally {
			RequestContextHolder.resetRequestAttributes();
		}
	}

	private static void awaitLag(Orders orders) {
		Awaitility.await().untilAsserted(() -> {
			orders.jdbc().update("INSERT INTO note VALUES (-2, 0) ON CONFLICT (id) DO UPDATE SET version = 0");
			assertThat(orders.snapshot("orders-replica-1").replica().lag()).isGreaterThan(Duration.ofMillis(500));
		});
	}

	private void run(ThrowingConsumer<Orders> test) {
		run(this.runner, test);
	}

	private static void run(ApplicationContextRunner runner, ThrowingConsumer<Orders> test) {
		runner.run((context) -> {
			Orders orders = Orders.of(context);
			orders.awaitReplicas();
			test.accept(orders);
		});
	}

	private static List<String> readPorts(Orders orders, int times) {
		List<String> ports = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			ports.add(orders.readPort());
		}
		return ports;
	}

	private static void awaitState(Orders orders, String database, DatabaseState state) {
		Awaitility.await().until(() -> orders.snapshot(database).state() == state);
	}

	private static <T> T onAnotherThread(Supplier<T> task) {
		return SeparateThread.supply(task).join();
	}

	private static List<String> ports() {
		return standbys.stream().map(ReplicaTests::port).toList();
	}

	private static String port(RestartablePostgres server) {
		return server.address().substring(server.address().indexOf(':') + 1);
	}

	@Configuration(proxyBeanMethods = false)
	static class Jpa {

		@Bean
		@Qualifier("orders")
		LocalContainerEntityManagerFactoryBean entityManagerFactory(@Qualifier("orders") DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(PersistenceManagedTypes.of());
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnManager {

		@Bean
		@Qualifier("orders")
		PlatformTransactionManager ownManager(@Qualifier("orders") DataSource dataSource) {
			return new DataSourceTransactionManager(dataSource);
		}

	}

	/**
	 * The beans of the database.
	 *
	 * @param jdbc the template
	 * @param manager the transaction manager
	 * @param template for transactions that write
	 * @param readOnly for transactions that do not
	 * @param context the application
	 */
	private record Orders(JdbcTemplate jdbc, PlatformTransactionManager manager, TransactionTemplate template,
			TransactionTemplate readOnly, ApplicationContext context) {

		static Orders of(ApplicationContext context) {
			PlatformTransactionManager manager = context.getBean(PlatformTransactionManager.class);
			TransactionTemplate readOnly = new TransactionTemplate(manager);
			readOnly.setReadOnly(true);
			return new Orders(context.getBean("ordersJdbcTemplate", JdbcTemplate.class), manager,
					context.getBean("ordersTransactionTemplate", TransactionTemplate.class), readOnly, context);
		}

		void awaitReplicas() {
			awaitState(this, "orders-replica-1", DatabaseState.UP);
			awaitState(this, "orders-replica-2", DatabaseState.UP);
		}

		DatabaseSnapshot snapshot(String database) {
			return this.context.getBean(DatabaseLifecycle.class).get(database).getSnapshot();
		}

		DatabaseOperations operations(String database) {
			return this.context.getBean(DatabaseLifecycle.class).getOperations(database);
		}

		void suspend(String database) {
			operations(database).suspend(false, Duration.ZERO);
		}

		CompositeHealthContributor health() {
			return (CompositeHealthContributor) this.context.getBean(HealthContributorRegistry.class)
				.getContributor("dbs");
		}

		Health health(String database) {
			return ((HealthIndicator) health().getContributor(database)).health();
		}

		String port() {
			return this.jdbc.queryForObject(PORT, String.class);
		}

		String readPort() {
			return this.readOnly.execute((status) -> port());
		}

		String writePort() {
			return this.template.execute((status) -> port());
		}

		<T> T as(String user, Supplier<T> task) {
			SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken(user, "", List.of()));
			try {
				return task.get();
			}
			finally {
				SecurityContextHolder.clearContext();
			}
		}

	}

}
