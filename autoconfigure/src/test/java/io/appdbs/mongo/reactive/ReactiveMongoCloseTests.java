package io.appdbs.mongo.reactive;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.transaction.reactive.TransactionalOperator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is left after an application with a reactive client has been closed.
 */
@RequiresDocumentDb
@ExtendWith(OutputCaptureExtension.class)
class ReactiveMongoCloseTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private DocumentDbServer server;

	private Set<Thread> before;

	@BeforeEach
	void start() {
		this.server = RealServers.startDocumentDb();
		this.before = threads();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void whenTheApplicationIsClosedThenNoThreadSocketOrSessionIsLeft(CapturedOutput output) {
		for (int i = 0; i < 5; i++) {
			runner().run((context) -> {
				use(context);
				assertThat(this.server.countSessions()).isPositive();
				assertThat(threads()).anyMatch((thread) -> thread.getName().startsWith("appdbs-catalog-reactive-"));
			});
			assertThat(this.server.countSessions()).isZero();
		}
		assertThat(output).doesNotContain("did not close properly");
		Awaitility.await().until(() -> this.server.countSockets() == 0);
		assertNoThreadIsLeft();
	}

	@Test
	void whenTheApplicationIsClosedWhileTheDatabaseIsDownThenNoThreadIsLeft(CapturedOutput output) {
		runner("app.dbs.catalog.required=false").run((context) -> {
			use(context);
			this.server.stop();
			TestDatabases.await(() -> context.getBean(Databases.class).get("catalog").getState() == DatabaseState.DOWN);
		});
		assertThat(output).doesNotContain("did not close properly");
		assertNoThreadIsLeft();
	}

	@Test
	void whenTheApplicationIsClosedThenOperationsInProgressFail() {
		runner().run((context) -> {
			use(context);
			Mono<Document> waiting = context.getBean(ReactiveMongoTemplate.class)
				.findAll(Document.class, "order")
				.repeat()
				.last()
				.cache();
			waiting.subscribe((last) -> {
			}, (failure) -> {
			});
			context.getSourceApplicationContext().close();
			assertThat(waiting.map((last) -> "").onErrorReturn("failed").block(TIMEOUT)).isEqualTo("failed");
		});
		assertNoThreadIsLeft();
	}

	private static void use(ApplicationContext context) {
		context.getBean(MongoTemplate.class).insert(new Document("sku", "b"), "order");
		context.getBean(ReactiveMongoTemplate.class)
			.insert(new Document("sku", "a"), "order")
			.as(context.getBean(TransactionalOperator.class)::transactional)
			.block(TIMEOUT);
	}

	private void assertNoThreadIsLeft() {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			Set<Thread> left = threads();
			left.removeAll(this.before);
			assertThat(left).isEmpty();
		});
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("cluster-") || thread.getName().startsWith("appdbs-")
					|| thread.getName().startsWith("MaintenanceTimer"))
			.collect(Collectors.toSet());
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=" + this.server.getUrl("shop"),
					"app.dbs.catalog.mongo.reactive=true")
			.withPropertyValues(properties);
	}

}
