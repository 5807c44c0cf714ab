package io.appdbs.mongo.reactive;

import java.time.Duration;
import java.util.List;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseOperations;
import io.appdbs.mongo.MongoDatabaseDownException;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.ReactiveMongoDatabaseFactory;
import org.springframework.data.mongodb.ReactiveMongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.TransactionalOperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for reactive transactions.
 */
class ReactiveMongoTransactionTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private ApplicationContextRunner runner(String url, Class<?>... services) {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class,
					DatabaseTransactionAutoConfiguration.class, TransactionAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=" + url, "app.dbs.catalog.mongo.reactive=true");
		for (Class<?> service : services) {
			runner = runner.withBean(service);
		}
		return runner;
	}

	@Test
	void onAStandaloneServerATransactionIsRejected() {
		runner("embedded:mongodb", Orders.class).run((context) -> {
			Mono<Void> placed = context.getBean(Orders.class).place("a", false);
			assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(() -> placed.block(TIMEOUT))
				.withMessage("Database 'catalog' is a standalone MongoDB server, which does not support transactions. "
						+ "Run it as a replica set (one member is enough), or do not use a transaction here.");
		});
	}

	@Test
	void withoutReactiveBeansAReactiveMethodIsRejected() {
		runner("embedded:mongodb", Blocked.class, BlockedByQualifier.class, Qualified.class)
			.withPropertyValues("app.dbs.catalog.mongo.reactive=false")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidDatabaseConfigurationException.class)
				.hasMessage(
						"""
								Database 'catalog': @Transactional uses the database 'catalog' in methods with a reactive result, but 'app.dbs.catalog.mongo.reactive' is not true. Its transaction manager is blocking, and would commit before anything has subscribed to the result:

								    %s.all
								    %1$s.byDefault
								    %1$s.byName
								    %s.byQualifier
								    %s.byDefault"""
							.formatted(Blocked.class.getName(), BlockedByQualifier.class.getName(),
									Qualified.class.getName())));
	}

	@Nested
	@RequiresDocumentDb
	class OnAServerWithTransactionsTests {

		private DocumentDbServer server;

		@BeforeEach
		void start() {
			this.server = RealServers.startDocumentDb();
		}

		@AfterEach
		void stop() {
			this.server.close();
		}

		private void run(ContextConsumer<AssertableApplicationContext> test, Class<?>... configurations) {
			runner(this.server.getUrl("shop"), Orders.class, DefaultOrders.class).withUserConfiguration(configurations)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					// a collection is not created in a transaction
					context.getBean(MongoTemplate.class).createCollection("order");
					context.getBean(MongoTemplate.class).createCollection("stock");
					test.accept(context);
					assertThat(this.server.countTransactions()).isZero();
				});
		}

		@Test
		void theReturnTypeOfAMethodDecidesBetweenTheManagers() {
			run((context) -> {
				Orders orders = context.getBean(Orders.class);
				Mono<Void> placed = orders.place("a", false);
				assertThat(skus(context, "order")).isEmpty();
				placed.block(TIMEOUT);
				assertThatIllegalStateException().isThrownBy(() -> orders.place("b", true).block(TIMEOUT));
				assertThat(skus(context, "order")).containsExactly("a");
				assertThat(skus(context, "stock")).containsExactly("a");
				orders.placeNow("c", false);
				assertThatIllegalStateException().isThrownBy(() -> orders.placeNow("d", true));
				assertThat(skus(context, "order")).containsExactly("a", "c");
			});
		}

		@Test
		void anAnnotationWithoutANameUsesTheDefaultDatabase() {
			run((context) -> {
				DefaultOrders orders = context.getBean(DefaultOrders.class);
				assertThatIllegalStateException().isThrownBy(() -> orders.place().block(TIMEOUT));
				assertThatIllegalStateException().isThrownBy(orders::placeNow);
				assertThat(skus(context, "order")).isEmpty();
			});
		}

		@Test
		void aReactiveManagerOfTheApplicationIsUsedForReactiveMethods() {
			run((context) -> {
				Orders orders = context.getBean(Orders.class);
				assertThatIllegalStateException().isThrownBy(() -> orders.place("a", true).block(TIMEOUT));
				assertThatIllegalStateException().isThrownBy(() -> orders.placeNow("b", true));
				orders.place("c", false).block(TIMEOUT);
				orders.placeNow("d", false);
				assertThat(skus(context, "order")).containsExactly("c", "d");
			}, OwnManager.class);
		}

		@Test
		void theOperatorCommitsAndRollsBack() {
			run((context) -> {
				TransactionalOperator operator = context.getBean(TransactionalOperator.class);
				ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
				template.insert(new Document("sku", "a"), "order").as(operator::transactional).block(TIMEOUT);
				template.insert(new Document("sku", "b"), "order")
					.doOnNext((inserted) -> assertThat(this.server.countTransactions()).isOne())
					.then(Mono.error(new IllegalStateException()))
					.as(operator::transactional)
					.onErrorComplete()
					.block(TIMEOUT);
				assertThat(skus(context, "order")).containsExactly("a");
			});
		}

		@Test
		void aTransactionThatIsCancelledIsRolledBack() {
			run((context) -> {
				TransactionalOperator operator = context.getBean(TransactionalOperator.class);
				ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
				Disposable subscription = template.insert(new Document("sku", "a"), "order")
					.then(Mono.never())
					.as(operator::transactional)
					.subscribe();
				Awaitility.await().until(() -> this.server.countTransactions() == 1);
				subscription.dispose();
				Awaitility.await().until(() -> this.server.countTransactions() == 0);
				assertThat(skus(context, "order")).isEmpty();
			});
		}

		@Test
		void aTransactionThatHasBegunGoesOnWhileTheDatabaseIsSuspended() {
			run((context) -> {
				TransactionalOperator operator = context.getBean(TransactionalOperator.class);
				ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
				DatabaseOperations operations = context.getBean(DatabaseLifecycle.class).getOperations("catalog");
				template.insert(new Document("sku", "a"), "order")
					.doOnNext((inserted) -> operations.suspend(true, Duration.ZERO))
					.then(template.insert(new Document("sku", "b"), "order"))
					.as(operator::transactional)
					.block(TIMEOUT);
				operations.resume();
				assertThat(skus(context, "order")).containsExactly("a", "b");
			});
		}

		@Test
		void whileTheDatabaseIsDownATransactionFailsWithTheOutage() {
			run((context) -> {
				context.getBean(Orders.class).place("a", false).block(TIMEOUT);
				this.server.stop();
				TestDatabases
					.await(() -> context.getBean(Databases.class).get("catalog").getState() == DatabaseState.DOWN);
				assertThatExceptionOfType(MongoDatabaseDownException.class)
					.isThrownBy(() -> context.getBean(Orders.class).place("b", false).block(TIMEOUT))
					.withMessageStartingWith("Database 'catalog' is down since ");
				this.server.restart();
				TestDatabases.await(() -> catchThrowable(
						() -> context.getBean(Orders.class).place("c", false).block(TIMEOUT)) == null);
				assertThat(skus(context, "order")).containsExactly("a", "c");
			});
		}

		private static List<Object> skus(ApplicationContext context, String collection) {
			return context.getBean(MongoTemplate.class)
				.findAll(Document.class, collection)
				.stream()
				.map((document) -> document.get("sku"))
				.toList();
		}

	}

	static class Orders {

		private final ReactiveMongoTemplate template;

		private final MongoTemplate blocking;

		Orders(@Qualifier("catalog") ReactiveMongoTemplate template, @Qualifier("catalog") MongoTemplate blocking) {
			this.template = template;
			this.blocking = blocking;
		}

		@Transactional("catalog")
		Mono<Void> place(String sku, boolean fails) {
			return this.template.insert(new Document("sku", sku), "order")
				.then(this.template.insert(new Document("sku", sku), "stock"))
				.then(fails ? Mono.error(new IllegalStateException("sold out")) : Mono.empty());
		}

		@Transactional("catalog")
		void placeNow(String sku, boolean fails) {
			this.blocking.insert(new Document("sku", sku), "order");
			if (fails) {
				throw new IllegalStateException("sold out");
			}
		}

	}

	static class DefaultOrders {

		private final ReactiveMongoTemplate template;

		private final MongoTemplate blocking;

		DefaultOrders(ReactiveMongoTemplate template, MongoTemplate blocking) {
			this.template = template;
			this.blocking = blocking;
		}

		@Transactional
		Mono<Void> place() {
			return this.template.insert(new Document("sku", "a"), "order")
				.then(Mono.error(new IllegalStateException("sold out")));
		}

		@Transactional
		void placeNow() {
			this.blocking.insert(new Document("sku", "a"), "order");
			throw new IllegalStateException("sold out");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnManager {

		@Bean
		@Qualifier("catalog")
		ReactiveTransactionManager ownManager(@Qualifier("catalog") ReactiveMongoDatabaseFactory factory) {
			return new ReactiveMongoTransactionManager(factory);
		}

	}

	static class Blocked {

		@Transactional("catalog")
		Flux<String> all() {
			return Flux.empty();
		}

		@Transactional("catalogTransactionManager")
		Mono<String> byName() {
			return Mono.empty();
		}

		@Transactional
		Mono<String> byDefault() {
			return Mono.empty();
		}

		@Transactional("catalog")
		List<String> blocking() {
			return List.of();
		}

	}

	@Qualifier("catalog")
	static class BlockedByQualifier {

		@Transactional
		Mono<String> byQualifier() {
			return Mono.empty();
		}

	}

	/**
	 * The qualifier is that of no transaction manager.
	 */
	@Qualifier("special")
	static class Qualified {

		@Transactional
		Mono<String> byDefault() {
			return Mono.empty();
		}

	}

}
