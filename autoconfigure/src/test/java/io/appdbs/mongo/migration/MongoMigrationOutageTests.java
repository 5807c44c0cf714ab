package io.appdbs.mongo.migration;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.appdbs.DatabaseState;
import io.appdbs.jdbc.Definitions;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.convert.MappingMongoConverter;
import org.springframework.data.mongodb.core.convert.NoOpDbRefResolver;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.util.function.ThrowingSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MongoMigrations} of a server that is not available.
 */
class MongoMigrationOutageTests extends EmbeddedMigratedMongo {

	private TcpProxy proxy;

	@BeforeEach
	void startProxy() throws IOException {
		this.proxy = new TcpProxy(address());
	}

	@AfterEach
	void stopProxy() {
		this.proxy.close();
	}

	private String address() {
		return this.url.replaceFirst("mongodb://([^/]+)/.*", "$1");
	}

	private ApplicationContextRunner proxied(String... properties) {
		return runner(properties).withPropertyValues(
				"app.dbs.catalog.url=" + this.url.replace(address(), this.proxy.address()),
				"app.dbs.catalog.required=false");
	}

	private static void await(ApplicationContext context, DatabaseState state) {
		TestDatabases.await(() -> catalog(context).getState() == state);
	}

	@Test
	void anOptionalDatabaseThatWasDownIsMigratedBeforeItIsUp() {
		write("V1__fill.json", "{ insert: 'items', documents: [ { _id: 1 } ] }");
		this.proxy.refuse();
		with(proxied(), "more", migration("2", "more", (template) -> template.insert(new Item(2, "b"), "items")))
			.run((context) -> {
				await(context, DatabaseState.DOWN);
				assertThat(this.database.listCollectionNames()).isEmpty();
				this.proxy.resume();
				await(context, DatabaseState.UP);
				assertThat(report(context)).isEqualTo(Map.of("version", "2", "executed", 2));
				assertThat(context.getBean("catalogMongoTemplate", MongoTemplate.class).count(new Query(), "items"))
					.isEqualTo(2);
			});
		TestDatabases.awaitNoThreads("appdbs-");
	}

	@Test
	void whenTheLockCannotBeRenewedThenTheMigrationStops() {
		CountDownLatch lost = new CountDownLatch(1);
		MongoMigration cut = migration("1", "cut", (template) -> {
			this.proxy.refuse();
			assertThat(lost.await(1, TimeUnit.MINUTES)).isTrue();
		});
		write("V2__two.json", "{ create: 'two' }");
		with(proxied("app.dbs.catalog.mongo.migrations.lock-timeout=2s", "app.dbs.catalog.pool.connect-timeout=500ms"),
				"cut", cut)
			.run((context) -> {
				TestDatabases.await(() -> this.logged.messages()
					.stream()
					.filter((line) -> line
						.startsWith("Database 'catalog': the lock of migrations could not be renewed: "))
					.count() > 3);
				lost.countDown();
				await(context, DatabaseState.DOWN);
				assertThat(catalog(context).getSnapshot().outage().reason()).startsWith(
						"Database 'catalog' (MongoDB) could not be migrated: migration bean 'cut' stopped: the lock was lost, since it could not be renewed, or another instance has taken it.");
				this.proxy.resume();
				TestDatabases.await(() -> catalog(context).getSnapshot().outage().reason().contains("did not finish"));
			});
		assertThat(this.database.listCollectionNames()).containsExactly(HISTORY);
	}

	@Test
	void aMigrationThatTakesLongIsLogged() {
		CountDownLatch logged = new CountDownLatch(1);
		MongoMigration slow = migration("1", "slow",
				(template) -> assertThat(logged.await(1, TimeUnit.MINUTES)).isTrue());
		DatabaseDefinition definition = Definitions.of("catalog", this.url);
		MongoMigrations migrations = new MongoMigrations(definition, Map.of("slow", slow),
				() -> new MappingMongoConverter(NoOpDbRefResolver.INSTANCE, new MongoMappingContext()),
				this.migrations.classLoader(), Duration.ofMillis(10));
		MongoPreparation.Context target = new MongoPreparation.Context(definition, definition.connectionDetails().get(),
				this.database, this.client.getDatabase("admin"), () -> this.client);
		CompletableFuture<Map<String, Object>> running = SeparateThread
			.supply(() -> ThrowingSupplier.of(() -> migrations.prepare(target)).get());
		TestDatabases.await(() -> this.logged.messages()
			.contains("Database 'catalog': migration bean 'slow' has been running for 0 s."));
		logged.countDown();
		assertThat(running.join()).isEqualTo(Map.of("version", "1", "executed", 1));
	}

	record Item(int id, String name) {

	}

}
