package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.documentdb.Failure;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for outages, elections, sessions and logins of a replica set on a real server
 * with MongoDB's protocol. The number of applications that are opened and closed is that
 * of the system property {@code appdbs.contexts}.
 */
@RequiresDocumentDb
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MongoReplicaSetTests {

	private static final int CONTEXTS = Integer.getInteger("appdbs.contexts", 40);

	private final List<DatabaseState> states = new CopyOnWriteArrayList<>();

	private DocumentDbServer server;

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	private void start(int members) {
		this.server = RealServers.startDocumentDb(members);
	}

	@Test
	void whileTheServerIsStoppedOperationsAndTransactionsFailAtOnceUntilItRecovers() {
		start(1);
		runner().run((context) -> {
			insert(context);
			this.server.stop();
			TestDatabases.await(() -> state(context) == DatabaseState.DOWN);
			awaitReason(context, "the connection was refused, no server listens there.");
			assertThatExceptionOfType(MongoDatabaseDownException.class).isThrownBy(() -> insert(context));
			assertThatExceptionOfType(MongoDatabaseDownException.class).isThrownBy(() -> insertInTransaction(context));
			this.server.restart();
			TestDatabases.await(() -> catchThrowable(() -> insertInTransaction(context)) == null);
			assertThat(state(context)).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whileThereIsNoPrimaryTheDatabaseIsDownUntilOneIsElected() {
		start(1);
		runner().run((context) -> {
			insert(context);
			this.server.stepDown();
			TestDatabases.await(() -> state(context) == DatabaseState.DOWN);
			awaitReason(context, "no member of the replica set is the primary. The driver says: ");
			this.server.elect(0);
			TestDatabases.await(() -> catchThrowable(() -> insert(context)) == null);
			assertThat(state(context)).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenThereIsNoPrimaryAtTheStartThenAnOptionalDatabaseComesUpAsSoonAsOneIsElected() {
		start(2);
		this.server.stepDown();
		runner("app.dbs.catalog.required=false", "app.dbs.catalog.startup.timeout=1h",
				"app.dbs.catalog.pool.connect-timeout=1h")
			.run((context) -> {
				awaitReason(context, "no member of the replica set is the primary. The driver says: ");
				this.server.elect(1);
				TestDatabases.await(() -> state(context) == DatabaseState.UP);
				insert(context);
			});
	}

	@Test
	void whenAnotherMemberIsElectedThenNoRetriedTransactionFailsAndTheDatabaseStaysUp() {
		start(2);
		runner("app.dbs.catalog.retry.enabled=true", "app.dbs.catalog.retry.timeout=30s",
				"app.dbs.catalog.retry.max-attempts=1000")
			.run((context) -> {
				insert(context);
				this.states.clear();
				AtomicInteger done = new AtomicInteger();
				ConcurrentTasks.run(4, (thread) -> {
					for (int i = 0; i < 25; i++) {
						if (thread == 0 && i % 10 == 5) {
							this.server.elect((i / 10 + 1) % 2);
						}
						insertInTransaction(context);
						done.incrementAndGet();
					}
					return null;
				});
				assertThat(done).hasValue(100);
				assertThat(template(context).count(new Query(), "item")).isEqualTo(101);
				assertThat(this.states).isEmpty();
			});
	}

	@Test
	void whileCredentialsAreReplacedUnderLoadNoOperationAndNoTransactionFails() {
		start(1);
		this.server.setUser("anna", "s3cr3t-0");
		AtomicReference<DatabaseCredentials> current = new AtomicReference<>(
				new DatabaseCredentials("anna", "s3cr3t-0"));
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		runner("app.dbs.catalog.credentials.refresh-interval=1h", "app.dbs.catalog.credentials.retire-after=3s")
			.withBean(DatabaseCredentialsProvider.class, () -> (name) -> current.get())
			.run((context) -> {
				insert(context);
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				ConcurrentTasks.run(5, (thread) -> {
					for (int i = 1; i <= 50; i++) {
						try {
							if (thread > 0) {
								insertInTransaction(context);
								insert(context);
							}
							else if (i % 10 == 0) {
								this.server.setUser("anna-" + i, "s3cr3t-" + i);
								current.set(new DatabaseCredentials("anna-" + i, "s3cr3t-" + i));
								lifecycle.getOperations("catalog").rotate();
							}
						}
						catch (Throwable ex) {
							failures.add(ex);
						}
					}
					return null;
				});
				assertThat(failures).isEmpty();
				assertThat(template(context).count(new Query(), "item")).isEqualTo(401);
				assertThat(database(context).getSnapshot().credentials().rotations()).isEqualTo(5);
				assertThat(this.server.countSockets("anna-50")).isPositive();
				TestDatabases.await(() -> this.server.countSockets("anna") + this.server.countSockets("anna-40") == 0);
			});
		assertNothingIsLeft(Set.of());
	}

	@Test
	void whenManyApplicationsAreClosedThenNoThreadSocketOrSessionIsLeft() {
		start(1);
		Set<String> before = threads();
		for (int i = 0; i < CONTEXTS; i++) {
			runner().run(MongoReplicaSetTests::insertInTransaction);
		}
		assertThat(this.server.countEndedSessions()).isGreaterThanOrEqualTo(2 * CONTEXTS);
		assertNothingIsLeft(before);
	}

	@Test
	void whenAProbeIsInFlightThenClosingDoesNotLeaveItsSession() {
		start(1);
		Set<String> before = threads();
		runner().run((context) -> {
			insert(context);
			this.server.fail(Failure.delay("ping", Duration.ofMillis(100)).times(1000));
			TestDatabases.await(MongoReplicaSetTests::isProbeInFlight);
		});
		assertNothingIsLeft(before);
	}

	private void assertNothingIsLeft(Set<String> before) {
		TestDatabases.await(() -> this.server.countSockets() == 0);
		assertThat(this.server.countSessions()).isZero();
		assertThat(this.server.countTransactions()).isZero();
		assertThat(this.server.countCursors()).isZero();
		TestDatabases.await(() -> before.containsAll(threads()));
	}

	private static boolean isProbeInFlight() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().startsWith("appdbs-probe-"))
			.flatMap((thread) -> Stream.of(thread.getValue()))
			.anyMatch((frame) -> frame.getClassName().endsWith("SocketStream"));
	}

	private static Set<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("cluster-") || name.startsWith("MaintenanceTimer")
					|| name.startsWith("appdbs-") && !name.startsWith("appdbs-embedded"))
			.collect(Collectors.toSet());
	}

	private static void awaitReason(ApplicationContext context, String reason) {
		TestDatabases.await(() -> {
			DatabaseOutage outage = database(context).getSnapshot().outage();
			return outage != null && outage.reason().startsWith(reason);
		});
	}

	private static void insert(ApplicationContext context) {
		template(context).insert(new Document(), "item");
	}

	private static void insertInTransaction(ApplicationContext context) {
		context.getBean("catalogTransactionTemplate", TransactionTemplate.class)
			.executeWithoutResult((status) -> insert(context));
	}

	private static MongoTemplate template(ApplicationContext context) {
		return context.getBean("catalogMongoTemplate", MongoTemplate.class);
	}

	private static Database database(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog");
	}

	private static DatabaseState state(ApplicationContext context) {
		return database(context).getState();
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withInitializer((context) -> context.addApplicationListener((event) -> {
				if (event instanceof DatabaseStateChangedEvent change) {
					this.states.add(change.getTo());
				}
			}))
			.withPropertyValues("app.dbs.catalog.url=" + this.server.getUrl("shop"),
					"app.dbs.catalog.health.interval=500ms", "app.dbs.catalog.health.timeout=500ms")
			.withPropertyValues(properties);
	}

}
