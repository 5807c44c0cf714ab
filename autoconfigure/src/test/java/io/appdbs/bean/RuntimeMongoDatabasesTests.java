package io.appdbs.bean;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.mongodb.client.MongoClient;
import io.appdbs.Database;
import io.appdbs.DatabaseRemoval;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.mongo.MongoDatabaseDownException;
import io.appdbs.testsupport.ApplicationClassLoader;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for MongoDB databases that are added and removed while the application runs.
 */
@ApplicationClassLoader
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RuntimeMongoDatabasesTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	/** The common pool has one thread on two processors. */
	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false", "app.dbs.control.url=jdbc:h2:mem:control",
				"app.dbs-runtime.template.pool.max-size=3");

	@AfterEach
	void noThreadIsLeft() {
		TestDatabases.awaitNoThreads("appdbs-");
		TestDatabases.await(() -> driverThreads().isEmpty());
	}

	@Test
	void aDatabaseIsAddedUsedAndRemoved() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database acme = add(databases, "acme", url("used"));
			MongoTemplate template = acme.getBean(MongoTemplate.class);
			template.save(new Item("1", "pen"));
			assertThat(template.findAll(Item.class)).containsExactly(new Item("1", "pen"));
			assertThat(template.getDb().getName()).isEqualTo("used");
			assertThat(acme.getBean(MongoDatabaseFactory.class).getMongoDatabase().getName()).isEqualTo("used");
			assertThat(acme.getBean(MongoClient.class).getDatabase("used").getCollection("item").countDocuments())
				.isOne();
			assertThat(acme.getBean(TransactionTemplate.class)).isSameAs(acme.getTransactionTemplate());
			assertThat(acme.getSnapshot().pool().maximum()).isEqualTo(3);
			assertThat(measured(context.getBean(MeterRegistry.class), "acme")).contains("appdbs.state");
			assertThat(databases.remove("acme")).isEqualTo(new DatabaseRemoval("acme", true, 0));
			assertThat(acme.getState()).isEqualTo(DatabaseState.CLOSED);
			assertThat(measured(context.getBean(MeterRegistry.class), "acme")).isEmpty();
			TestDatabases.await(() -> driverThreads().isEmpty());
		});
	}

	@Test
	void aDatabaseThatNobodyUsesHasNoThread() {
		this.runner.withPropertyValues("app.dbs-runtime.idle-after=1s", "app.dbs-runtime.template.health.interval=1s")
			.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				Database acme = add(databases, "acme", url("resting"));
				MongoTemplate template = acme.getBean(MongoTemplate.class);
				TestDatabases.await(() -> driverThreads().isEmpty());
				template.save(new Item("1", "pen"));
				int threads = driverThreads().size();
				System.out.printf("%d threads of the driver for a client with one server: %s%n", threads,
						driverThreads());
				assertThat(threads).isPositive();
				TestDatabases.await(() -> driverThreads().isEmpty());
				assertThat(acme.getState()).isEqualTo(DatabaseState.UP);
				assertThat(template.findAll(Item.class)).hasSize(1);
			});
	}

	@Test
	void aReferenceThatWasKeptFailsAndNeverReachesAnotherDatabase() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database first = add(databases, "acme", url("first"));
			MongoTemplate template = first.getBean(MongoTemplate.class);
			MongoClient client = first.getBean(MongoClient.class);
			template.save(new Item("1", "pen"));
			databases.remove("acme");
			assertRemoved(() -> template.findAll(Item.class));
			Database second = add(databases, "acme", url("second"));
			assertThat(second.getBean(MongoTemplate.class).findAll(Item.class)).isEmpty();
			assertRemoved(() -> template.save(new Item("2", "ink")));
			assertRemoved(() -> client.getDatabase("first").runCommand(new Document("ping", 1)));
			assertRemoved(client::startSession);
			assertRemoved(() -> first.getBean(MongoTemplate.class).findAll(Item.class));
		});
	}

	@Test
	void aDatabaseIsMigratedByTheFilesOfTheTemplate(@TempDir Path folder) {
		MigrationFolder migrations = new MigrationFolder(folder).write("tenant/V1__items.json",
				"{ create: 'migrated_items' }");
		this.runner.withClassLoader(migrations.classLoader())
			.withPropertyValues("app.dbs-runtime.template.mongo.migrations.locations=classpath:db/migration/tenant")
			.run((context) -> {
				Database acme = add(context.getBean(Databases.class), "acme", url("migrated"));
				assertThat(acme.getBean(MongoTemplate.class).getCollectionNames()).contains("migrated_items");
				assertThat(acme.getSnapshot().preparation("migration").details()).containsEntry("version", "1");
			});
	}

	@Test
	void aMigrationThatFailsKeepsTheDatabaseDown(@TempDir Path folder) {
		MigrationFolder migrations = new MigrationFolder(folder).write("tenant/V1__items.json", "{ crate: 'items' }");
		this.runner.withClassLoader(migrations.classLoader()).run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database broken = databases.add("broken", RuntimeDatabaseSettings.ofUrl(url("broken"))
				.set("mongo.migrations.locations", "classpath:db/migration/tenant"));
			TestDatabases.await(() -> broken.getState() == DatabaseState.DOWN);
			assertThat(broken.getLastFailure()).hasMessageContaining("V1__items.json");
			assertThatExceptionOfType(MongoDatabaseDownException.class)
				.isThrownBy(() -> broken.getBean(MongoTemplate.class).findAll(Item.class))
				.withMessageStartingWith("Database 'broken' is down since ");
			Database healthy = add(databases, "healthy", url("healthy"));
			assertThat(healthy.getBean(MongoTemplate.class).findAll(Item.class)).isEmpty();
			assertThat(databases.remove("broken").aborted()).isZero();
		});
	}

	@Test
	void aServerThatDoesNotAnswerDoesNotStopTheOthers() throws Exception {
		String url = url("reachable");
		String address = url.substring("mongodb://".length(), url.lastIndexOf('/'));
		try (TcpProxy proxy = new TcpProxy(address)) {
			proxy.beSilent();
			this.runner.withPropertyValues("app.dbs-runtime.template.pool.connect-timeout=2s").run((context) -> {
				Databases databases = context.getBean(Databases.class);
				for (int i = 0; i < 20; i++) {
					databases.add("hanging-" + i,
							RuntimeDatabaseSettings.ofUrl("mongodb://%s/t".formatted(proxy.address())));
				}
				Database healthy = add(databases, "healthy", url);
				assertThat(healthy.getBean(MongoTemplate.class).findAll(Item.class)).isEmpty();
				TestDatabases.await(() -> databases.getCounts().down() == 20);
				assertThat(TestDatabases.threads("appdbs-runtime-open")).hasSizeLessThanOrEqualTo(4);
				assertThat(databases.remove("hanging-0").removed()).isTrue();
				proxy.resume();
				TestDatabases.await(() -> databases.getCounts().up() == 21);
			});
		}
	}

	@Test
	void eachNameIsAddedByOneOfManyThreads() {
		String server = url("names");
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			AtomicInteger refused = new AtomicInteger();
			List<Integer> won = ConcurrentTasks.run(8, (thread) -> {
				int count = 0;
				for (int i = 0; i < 20; i++) {
					try {
						databases.add("tenant-" + i, Map.of("url", server.replace("/names", "/tenant_" + i)));
						count++;
					}
					catch (IllegalDatabaseOperationException ex) {
						refused.incrementAndGet();
					}
				}
				return count;
			});
			assertThat(won.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
			assertThat(refused).hasValue(140);
			TestDatabases.await(() -> databases.getCounts().up() == 21);
			ConcurrentTasks.run(8, (thread) -> {
				for (int i = 0; i < 20; i++) {
					MongoTemplate template = databases.get("tenant-" + i).getBean(MongoTemplate.class);
					template.save(new Item(thread + "-" + i, "tenant_" + i));
					assertThat(template.getDb().getName()).isEqualTo("tenant_" + i);
				}
				return null;
			});
			for (int i = 0; i < 20; i++) {
				MongoTemplate template = databases.get("tenant-" + i).getBean(MongoTemplate.class);
				assertThat(template.findAll(Item.class)).hasSize(8).extracting(Item::name).containsOnly("tenant_" + i);
				assertThat(databases.remove("tenant-" + i).aborted()).isZero();
			}
			TestDatabases.await(() -> driverThreads().isEmpty());
		});
	}

	@Test
	@RequiresDocumentDb
	void aTransactionUnderWayEndsBeforeTheDatabaseIsRemoved() {
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			this.runner.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				Database acme = add(databases, "acme", server.getUrlOf("drained"));
				MongoTemplate template = acme.getBean(MongoTemplate.class);
				template.dropCollection(Item.class);
				template.createCollection(Item.class);
				CountDownLatch begun = new CountDownLatch(1);
				CountDownLatch goOn = new CountDownLatch(1);
				CompletableFuture<Void> work = SeparateThread
					.run(() -> acme.getTransactionTemplate().executeWithoutResult((status) -> {
						template.insert(new Item("1", "pen"));
						begun.countDown();
						await(goOn);
						template.insert(new Item("2", "ink"));
					}));
				await(begun);
				CompletableFuture<DatabaseRemoval> removal = SeparateThread.supply(() -> databases.remove("acme"));
				TestDatabases.await(() -> acme.getState() == DatabaseState.CLOSED);
				TestDatabases.await(() -> fails(() -> template.findAll(Item.class)));
				assertThat(removal).isNotDone();
				goOn.countDown();
				assertThat(work).succeedsWithin(LONG);
				assertThat(removal).succeedsWithin(LONG).isEqualTo(new DatabaseRemoval("acme", true, 0));
				TestDatabases.await(() -> driverThreads().isEmpty() && server.countSockets() == 0);
				assertThat(add(databases, "acme", server.getUrlOf("drained")).getBean(MongoTemplate.class)
					.findAll(Item.class)).hasSize(2);
			});
		}
	}

	@Test
	@RequiresDocumentDb
	void aTransactionThatIsRolledBackLeavesNothing() {
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			this.runner.run((context) -> {
				Database acme = add(context.getBean(Databases.class), "acme", server.getUrlOf("rolledback"));
				MongoTemplate template = acme.getBean(MongoTemplate.class);
				template.dropCollection(Item.class);
				template.createCollection(Item.class);
				assertThatIllegalStateException()
					.isThrownBy(() -> acme.getTransactionTemplate().executeWithoutResult((status) -> {
						template.insert(new Item("1", "pen"));
						throw new IllegalStateException("rolled back");
					}));
				assertThat(template.findAll(Item.class)).isEmpty();
			});
		}
	}

	private static boolean fails(Runnable operation) {
		try {
			operation.run();
			return false;
		}
		catch (MongoDatabaseDownException ex) {
			return true;
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertRemoved(ThrowingCallable operation) {
		assertThatExceptionOfType(MongoDatabaseDownException.class).isThrownBy(operation)
			.satisfies((ex) -> assertThat(ex.getMessage())
				.matches("Database 'acme' was removed at \\d\\d:\\d\\d:\\d\\d\\. It serves nothing any more\\."));
	}

	private static List<String> driverThreads() {
		return Stream.of("cluster-", "CleanCursors-", "MaintenanceTimer-", "AsyncGetter-")
			.flatMap((prefix) -> TestDatabases.threads(prefix).stream())
			.toList();
	}

	private static List<String> measured(MeterRegistry registry, String database) {
		return registry.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getTags().stream().anyMatch((tag) -> tag.getValue().equals(database)))
			.map((meter) -> meter.getId().getName())
			.distinct()
			.toList();
	}

	private static String url(String database) {
		return servers.getUrl("embedded:mongodb", database);
	}

	private static Database add(Databases databases, String name, String url) throws InterruptedException {
		Database database = databases.add(name, RuntimeDatabaseSettings.ofUrl(url));
		assertThat(database.awaitUp(LONG)).as("%s", database.getLastFailure()).isTrue();
		return database;
	}

	record Item(String id, String name) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { MongoAutoConfiguration.class, MongoReactiveAutoConfiguration.class })
	static class Application {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
