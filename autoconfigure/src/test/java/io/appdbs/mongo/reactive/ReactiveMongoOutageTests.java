package io.appdbs.mongo.reactive;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import com.mongodb.reactivestreams.client.MongoClient;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseOperations;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.mongo.MongoDatabaseDownException;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.Waits;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the reactive client of a database in an outage, at its start and while it is
 * suspended.
 */
class ReactiveMongoOutageTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

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
			insert(context).block(TIMEOUT);
			this.server.shutdownNow();
			TestDatabases.await(() -> catalog(context).getState() == DatabaseState.DOWN);
			assertFailsAtOnce(() -> insert(context));
			assertFailsAtOnce(() -> ping(context));
			assertThat(catchThrowable(() -> insert(context).block(TIMEOUT)).getMessage())
				.startsWith("Database 'catalog' is down since ")
				.contains(": the connection was refused, no server listens there. The driver says: ")
				.contains(" Next attempt at ");
			restartServer();
			TestDatabases.await(() -> catchThrowable(() -> insert(context).block(TIMEOUT)) == null);
			assertThat(catalog(context).getState()).isEqualTo(DatabaseState.UP);
		});
	}

	@Test
	void whenAnOptionalDatabaseIsDownAtTheStartThenItsBeansWorkWhenItComesUp() {
		this.server.shutdownNow();
		runner("app.dbs.catalog.required=false").run((context) -> {
			assertThat(context).hasNotFailed();
			TestDatabases.await(() -> catalog(context).getState() == DatabaseState.DOWN);
			assertFailsAtOnce(() -> insert(context));
			restartServer();
			TestDatabases.await(() -> catalog(context).getState() == DatabaseState.UP);
			insert(context).block(TIMEOUT);
		});
	}

	@Test
	void whileTheDatabaseIsSuspendedOperationsWaitWithoutAThread() {
		runner().run((context) -> {
			insert(context).block(TIMEOUT);
			DatabaseOperations operations = operations(context);
			operations.suspend(false, Duration.ZERO);
			List<Mono<String>> waiting = IntStream.range(0, 50)
				.mapToObj((i) -> insert(context).map((inserted) -> Thread.currentThread().getName()).cache())
				.toList();
			Waits.assertNone(() -> waiting.forEach(Mono::subscribe));
			assertThat(count(context, BorrowFailure.SUSPENDED)).isZero();
			operations.resume();
			assertThat(Flux.merge(waiting).collectList().block(TIMEOUT)).hasSize(50)
				.allSatisfy((thread) -> assertThat(thread).startsWith("appdbs-catalog-reactive-"));
		});
	}

	@Test
	void whenTheSuspensionLastsLongerThanTheAcquireTimeoutThenOperationsFail() {
		runner("app.dbs.catalog.pool.acquire-timeout=500ms").run((context) -> {
			insert(context).block(TIMEOUT);
			operations(context).suspend(false, Duration.ZERO);
			Mono<Boolean> blockable = insert(context).map((inserted) -> true)
				.onErrorResume((ex) -> Mono.just(Thread.currentThread() instanceof NonBlocking));
			assertThat(blockable.block(TIMEOUT)).isTrue();
			assertThatExceptionOfType(MongoDatabaseDownException.class).isThrownBy(() -> insert(context).block(TIMEOUT))
				.withMessageStartingWith("Database 'catalog' has been suspended since ");
			assertThat(count(context, BorrowFailure.SUSPENDED)).isEqualTo(2);
		});
	}

	@Test
	void whenCallersOfASuspendedDatabaseFailThenOperationsFailAtOnce() {
		runner().run((context) -> {
			operations(context).suspend(true, Duration.ZERO);
			assertFailsAtOnce(() -> insert(context));
		});
	}

	private static void assertFailsAtOnce(Supplier<Mono<?>> operation) {
		Waits.assertNone(() -> assertThatExceptionOfType(MongoDatabaseDownException.class)
			.isThrownBy(() -> operation.get().block(TIMEOUT)));
	}

	private static Mono<Document> insert(ApplicationContext context) {
		return context.getBean("catalogReactiveMongoTemplate", ReactiveMongoTemplate.class)
			.insert(new Document("sku", 1), "item");
	}

	private static Mono<Document> ping(ApplicationContext context) {
		return Mono.from(context.getBean("catalogReactiveMongoClient", MongoClient.class)
			.getDatabase("catalog")
			.runCommand(new Document("ping", 1)));
	}

	private static Database catalog(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog");
	}

	private static DatabaseOperations operations(ApplicationContext context) {
		return context.getBean(DatabaseLifecycle.class).getOperations("catalog");
	}

	private static long count(ApplicationContext context, BorrowFailure reason) {
		return context.getBean(DatabaseLifecycle.class).getStatistics("catalog").getBorrowFailures(reason);
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=mongodb://localhost:" + this.port + "/catalog",
					"app.dbs.catalog.mongo.reactive=true")
			.withPropertyValues(properties);
	}

}
