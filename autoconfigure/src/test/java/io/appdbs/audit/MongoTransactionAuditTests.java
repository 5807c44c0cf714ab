package io.appdbs.audit;

import java.time.Duration;
import java.util.List;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.documentdb.Failure;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the audit of transactions on a real server with MongoDB's protocol.
 */
@RequiresDocumentDb
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MongoTransactionAuditTests {

	private static final String INSERT = "insert item {ordered: ?, documents: [{_id: ?}]}";

	private static final RecordedEvents events = new RecordedEvents();

	private static DocumentDbServer server;

	private static AnnotationConfigApplicationContext context;

	/** A transaction that is still open on the server must not delay other tests. */
	private static int first;

	@BeforeAll
	static void open() {
		server = RealServers.startDocumentDb();
		context = new AnnotationConfigApplicationContext();
		context.registerBean(AuditSink.class, () -> events);
		context.register(DatabasesAutoConfiguration.class);
		TestPropertyValues
			.of("app.dbs.catalog.url=" + server.getUrlOf("catalog"), "app.dbs.catalog.audit.statements=all",
					"app.dbs.catalog.mongo.reactive=true", "app.dbs.catalog.retry.enabled=false")
			.applyTo(context);
		context.refresh();
		template().createCollection("item");
	}

	@AfterAll
	static void close() {
		context.close();
		server.close();
	}

	@BeforeEach
	void empty() {
		first += 10;
		events.take();
	}

	@Test
	void aTransactionIsOneEvent() {
		RlsContextHolder.runAs(RlsContext.of("jane"), () -> transaction().executeWithoutResult((status) -> {
			insert(1);
			insert(2);
			assertThat(template().findById(first + 2, Document.class, "item")).isNotNull();
		}));
		assertThatException().isThrownBy(() -> transaction().executeWithoutResult((status) -> {
			insert(3);
			throw new IllegalStateException();
		}));
		assertThat(events.takeLines()).containsExactly(
				"committed by jane | 2 x " + INSERT
						+ " -> 2 | find item {filter: {_id: ?}, limit: ?, singleBatch: ?} -> 1",
				"rolled-back by - | " + INSERT + " -> 1");
	}

	@Test
	void aFailedCommandIsPartOfItsTransaction() {
		insert(1);
		events.take();
		assertThatException().isThrownBy(() -> transaction().executeWithoutResult((status) -> {
			insert(2);
			insert(1);
		}));
		assertThat(events.takeLines()).singleElement()
			.asString()
			.startsWith("rolled-back by - | " + INSERT + " -> 1 | " + INSERT + " -> ")
			.contains("11000");
	}

	@Test
	void whenTheCommitIsRejectedThenTheOutcomeIsFailed() {
		server.fail(Failure.error("commitTransaction", 251, "TransientTransactionError"));
		assertThatException().isThrownBy(() -> transaction().executeWithoutResult((status) -> insert(1)));
		assertThat(events.takeLines()).containsExactly("failed MongoCommandException(251) by - | " + INSERT + " -> 1");
	}

	@Test
	void whenTheConnectionBreaksDuringTheCommitThenTheOutcomeIsUnknown() {
		server.fail(Failure.closeAfter("commitTransaction").times(2));
		assertThatExceptionOfType(TransactionSystemException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> insert(1)));
		List<AuditEvent> taken = events.take();
		assertThat(taken).isNotEmpty().allSatisfy((event) -> {
			assertThat(event.outcome()).isEqualTo(AuditOutcome.UNKNOWN);
			assertThat(event.failure()).isEqualTo("MongoSocketReadException");
			assertThat(event.id()).isEqualTo(taken.get(0).id());
		});
	}

	@Test
	void whenTheDriverRepeatsTheCommitThenTheLastEventOfTheUnitIsValid() {
		server.fail(Failure.closeAfter("commitTransaction"));
		transaction().executeWithoutResult((status) -> insert(1));
		List<AuditEvent> taken = events.take();
		assertThat(taken).extracting((event) -> event.outcome().toString()).containsExactly("unknown", "committed");
		assertThat(taken.get(0).id()).isEqualTo(taken.get(1).id());
	}

	@Test
	void aWriteWhoseConnectionBreaksHasAnEventForEachAttempt() {
		server.fail(Failure.closeBefore("insert"));
		insert(1);
		assertThat(events.takeLines()).containsExactly(
				"unknown MongoSocketReadException by - | " + INSERT + " -> ? MongoSocketReadException",
				"committed by - | " + INSERT + " -> 1");
	}

	@Test
	void aTransactionThatIsNeitherCommittedNorAbortedIsRolledBack() {
		MongoClient client = context.getBean("catalogMongoClient", MongoClient.class);
		try (ClientSession session = client.startSession()) {
			session.startTransaction();
			client.getDatabase("catalog").getCollection("item").insertOne(session, new Document("_id", first + 1));
		}
		assertThat(events.takeLines()).containsExactly("rolled-back by - | " + INSERT + " -> 1");
	}

	@Test
	void aReactiveTransactionHasTheUserOfItsSubscriber() {
		ReactiveMongoTemplate reactive = context.getBean(ReactiveMongoTemplate.class);
		TransactionalOperator operator = TransactionalOperator
			.create(context.getBean(ReactiveTransactionManager.class));
		reactive.insert(new Document("_id", first + 1), "item")
			.then(reactive.insert(new Document("_id", first + 2), "item"))
			.as(operator::transactional)
			.contextWrite(ReactiveSecurityContextHolder
				.withAuthentication(new TestingAuthenticationToken("alice", "s3cr3t", "ROLE_USER")))
			.block(Duration.ofSeconds(30));
		assertThat(events.takeLines()).containsExactly("committed by alice | 2 x " + INSERT + " -> 2");
	}

	private static void insert(int id) {
		template().insert(new Document("_id", first + id), "item");
	}

	private static MongoTemplate template() {
		return context.getBean("catalogMongoTemplate", MongoTemplate.class);
	}

	private static TransactionTemplate transaction() {
		return context.getBean("catalogTransactionTemplate", TransactionTemplate.class);
	}

}
