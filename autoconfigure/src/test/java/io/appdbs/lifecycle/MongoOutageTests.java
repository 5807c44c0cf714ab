package io.appdbs.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.mongodb.client.MongoClient;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.DatabaseStateChangedEvent;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.mongo.MongoDatabaseDownException;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.Waits;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for MongoDB databases that are down, at the start or later.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MongoOutageTests {

	private MongoServer server;

	private int port;

	@BeforeEach
	void startServer() {
		this.server = new MongoServer(new MemoryBackend());
		this.port = this.server.bind().getPort();
	}

	@AfterEach
	void stopServer() {
		this.server.shutdownNow();
	}

	private void restartServer() {
		this.server = new MongoServer(new MemoryBackend());
		this.server.bind("localhost", this.port);
	}

	@Test
	void whileTheDatabaseIsDownOperationsFailAtOnceUntilItRecovers() {
		runner().run((context) -> {
			assertThat(context).hasNotFailed();
			insert(context);
			this.server.shutdownNow();
			TestDatabases.await(() -> catalog(context).getState() == DatabaseState.DOWN);
			assertFailsAtOnce(() -> insert(context));
			assertFailsAtOnce(() -> ping(context));
			assertThat(catchThrowable(() -> insert(context)).getMessage())
				.startsWith("Database 'catalog' is down since ")
				.contains(": the connection was refused, no server listens there. The driver says: ")
				.contains(" Next attempt at ");
			restartServer();
			TestDatabases.await(() -> catchThrowable(() -> insert(context)) == null);
			assertThat(catalog(context).getState()).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenAnOptionalDatabaseIsDownAtTheStartThenTheApplicationStartsAndItComesUp() {
		this.server.shutdownNow();
		runner("app.dbs.catalog.required=false", "app.dbs.catalog.startup.timeout=1h",
				"app.dbs.catalog.pool.connect-timeout=10m")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				TestDatabases.await(() -> catalog(context).getState() == DatabaseState.DOWN);
				assertFailsAtOnce(() -> insert(context));
				restartServer();
				TestDatabases.await(() -> catalog(context).getState() == DatabaseState.UP);
				insert(context);
			});
	}

	@Test
	void whenConnectingTakesLongerThanTheLimitOfAnAnswerThenTheDatabaseComesUpAndRecovers() throws IOException {
		Duration slow = Duration.ofMillis(700);
		try (TcpProxy proxy = new TcpProxy("localhost:" + this.port)) {
			proxy.delay(slow);
			runner("app.dbs.catalog.url=mongodb://" + proxy.address() + "/catalog", "app.dbs.catalog.required=false")
				.run((context) -> {
					TestDatabases.await(() -> catalog(context).getState() == DatabaseState.UP);
					assertThat(catalog(context).getSnapshot().failedAtStart()).isFalse();
					proxy.refuse();
					TestDatabases.await(() -> catalog(context).getState() == DatabaseState.DOWN);
					proxy.resume(slow);
					TestDatabases.await(() -> catalog(context).getState() == DatabaseState.UP);
					insert(context);
				});
		}
	}

	@Test
	void whenAnswersTakeTooLongThenTheDatabaseIsDownUntilTheyDoNot() throws IOException {
		List<DatabaseState> states = new CopyOnWriteArrayList<>();
		try (TcpProxy proxy = new TcpProxy("localhost:" + this.port)) {
			runner("app.dbs.catalog.url=mongodb://" + proxy.address() + "/catalog",
					"app.dbs.catalog.health.interval=500ms", "app.dbs.catalog.health.timeout=500ms")
				.withInitializer((context) -> context.addApplicationListener((event) -> {
					if (event instanceof DatabaseStateChangedEvent change) {
						states.add(change.getTo());
					}
				}))
				.run((context) -> {
					insert(context);
					states.clear();
					proxy.delay(Duration.ofMillis(700));
					TestDatabases.await(() -> catalog(context).getState() == DatabaseState.DOWN);
					long begin = System.nanoTime();
					TestDatabases.await(() -> System.nanoTime() - begin > Duration.ofSeconds(5).toNanos());
					assertThat(states).containsExactly(DatabaseState.DOWN);
					proxy.delay(Duration.ZERO);
					TestDatabases.await(() -> catalog(context).getState() == DatabaseState.UP);
					insert(context);
				});
		}
	}

	private static void assertFailsAtOnce(Runnable operation) {
		Waits.assertNone(() -> assertThatExceptionOfType(MongoDatabaseDownException.class).isThrownBy(operation::run));
	}

	private static void insert(ApplicationContext context) {
		context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document("sku", 1), "item");
	}

	private static void ping(ApplicationContext context) {
		context.getBean("catalogMongoClient", MongoClient.class)
			.getDatabase("catalog")
			.runCommand(new Document("ping", 1));
	}

	private static Database catalog(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog");
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=mongodb://localhost:" + this.port + "/catalog")
			.withPropertyValues(properties);
	}

}
