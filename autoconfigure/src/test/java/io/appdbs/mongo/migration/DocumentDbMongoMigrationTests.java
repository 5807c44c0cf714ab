package io.appdbs.mongo.migration;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MongoMigrations} on DocumentDB, a MongoDB-compatible engine with
 * sessions.
 */
@RequiresDocumentDb
class DocumentDbMongoMigrationTests extends AbstractMongoMigrationTests {

	private static final AtomicInteger number = new AtomicInteger();

	private static DocumentDbServer server;

	@BeforeAll
	static void startServer() {
		server = RealServers.startDocumentDb();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Override
	protected String createDatabase() {
		return server.getUrl("migrations" + number.incrementAndGet());
	}

	@Test
	void aBeanCanUseTransactions() {
		write("V1__create_items.json", "{ create: 'items' }");
		MongoMigration transactional = migration("2", "fill", (template) -> {
			TransactionTemplate transaction = new TransactionTemplate(
					new MongoTransactionManager(template.getMongoDatabaseFactory()));
			transaction.executeWithoutResult((status) -> {
				template.insert(new Item(1, "a"));
				status.setRollbackOnly();
			});
			transaction.executeWithoutResult((status) -> template.insert(new Item(2, "b")));
		});
		start(with(runner(), "transactional", transactional));
		assertThat(this.database.getCollection("items").find()).extracting((item) -> item.get("_id"))
			.containsExactly(2);
		assertThat(server.countTransactions()).isZero();
	}

	@Test
	void noSessionAndNoSocketIsLeft() {
		write("V1__create_items.json", "{ create: 'items' }");
		try (DocumentDbServer own = RealServers.startDocumentDb()) {
			start("app.dbs.catalog.url=" + own.getUrl("sessions"));
			TestDatabases.await(() -> own.countSessions() == 0 && own.countSockets() == 0);
			assertThat(own.countEndedSessions()).isPositive();
		}
	}

	@Test
	void whenTheApplicationIsClosedDuringAMigrationThenNoSessionIsLeft() {
		try (DocumentDbServer own = RealServers.startDocumentDb()) {
			CountDownLatch running = new CountDownLatch(1);
			MongoMigration waiting = migration("1", "wait", (template) -> {
				template.getCollection("items").countDocuments();
				running.countDown();
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					throw ex;
				}
			});
			with(runner("app.dbs.catalog.url=" + own.getUrl("sessions"), "app.dbs.catalog.required=false"), "waiting",
					waiting)
				.run((context) -> assertThat(running.await(1, TimeUnit.MINUTES)).isTrue());
			TestDatabases.await(() -> own.countSessions() == 0 && own.countSockets() == 0);
		}
	}

}
