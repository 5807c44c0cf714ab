package io.appdbs.testcontainers;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.mongodb.client.MongoClient;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.mongodb.MongoDBContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for conflicts and unknown outcomes of a real MongoDB, which a
 * <a href="https://github.com/mongodb/mongo/wiki/The-failCommand-Fail-Point">fail
 * point</a> simulates.
 */
@SpringBootTest(classes = AbstractServerTests.Application.class, properties = "app.dbs.catalog.retry.enabled=true")
@RequiresImages(Image.MONGODB)
class MongoDbRetryTests {

	@DatabaseContainer("catalog")
	static final MongoDBContainer CONTAINER = new MongoDBContainer(Image.MONGODB.get()).withReplicaSet()
		.withCommand("--replSet", "docker-rs", "--setParameter", "enableTestCommands=1");

	@Autowired
	@Qualifier("catalog")
	private MongoTemplate catalog;

	@Autowired
	@Qualifier("catalog")
	private MongoClient client;

	@Autowired
	@Qualifier("catalog")
	private TransactionTemplate transactions;

	@BeforeEach
	void createCollection() {
		this.catalog.dropCollection("product");
		this.catalog.createCollection("product");
	}

	@AfterEach
	void switchOff() {
		failPoint(new Document("configureFailPoint", "failCommand").append("mode", "off"));
	}

	@Test
	void whenAStatementHasATransientErrorThenTheTransactionIsRetried() {
		fail("insert", 1, 112, "TransientTransactionError");
		assertThat(insert()).isEqualTo(2);
		assertThat(this.catalog.findAll(Document.class, "product")).hasSize(1);
	}

	@Test
	void whenTheOutcomeOfACommitIsUnknownThenOnlyTheCommitIsRepeated() {
		// the driver itself retries a commit once
		fail("commitTransaction", 3, 89, "RetryableWriteError");
		assertThat(insert()).isEqualTo(1);
		assertThat(this.catalog.findAll(Document.class, "product")).hasSize(1);
	}

	@Test
	void whenAnotherTransactionHasWrittenTheDocumentThenTheTransactionIsRetried() {
		this.catalog.insert(new Document("_id", 1).append("n", 0), "product");
		AtomicInteger attempts = new AtomicInteger();
		this.transactions.executeWithoutResult((status) -> {
			int n = this.catalog.findById(1, Document.class, "product").getInteger("n");
			if (attempts.incrementAndGet() == 1) {
				this.client.getDatabase("catalog")
					.getCollection("product")
					.updateOne(new Document("_id", 1), new Document("$inc", new Document("n", 10)));
			}
			this.catalog.save(new Document("_id", 1).append("n", n + 1), "product");
		});
		assertThat(attempts).hasValue(2);
		assertThat(this.catalog.findById(1, Document.class, "product")).containsEntry("n", 11);
	}

	/**
	 * Inserts a document in a transaction.
	 * @return the number of attempts
	 */
	private int insert() {
		AtomicInteger attempts = new AtomicInteger();
		this.transactions.executeWithoutResult((status) -> {
			attempts.incrementAndGet();
			this.catalog.insert(new Document("name", "pen"), "product");
		});
		return attempts.get();
	}

	private void fail(String command, int times, int code, String label) {
		failPoint(new Document("configureFailPoint", "failCommand").append("mode", new Document("times", times))
			.append("data", new Document("failCommands", List.of(command)).append("errorCode", code)
				.append("errorLabels", List.of(label))));
	}

	private void failPoint(Document command) {
		this.client.getDatabase("admin").runCommand(command);
	}

}
