package io.appdbs.mongo.migration;

import java.util.concurrent.atomic.AtomicInteger;

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

}
