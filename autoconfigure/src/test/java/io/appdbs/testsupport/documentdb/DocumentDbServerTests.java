package io.appdbs.testsupport.documentdb;

import java.util.List;
import java.util.stream.IntStream;

import com.mongodb.ConnectionString;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DocumentDbServer} with the driver of MongoDB.
 */
@RequiresDocumentDb
class DocumentDbServerTests {

	private DocumentDbServer server;

	private MongoClient client;

	private MongoDatabase database;

	private MongoCollection<Document> items;

	@BeforeEach
	void start() {
		this.server = RealServers.startDocumentDb();
		ConnectionString url = new ConnectionString(this.server.getUrl("shop"));
		this.client = MongoClients.create(url);
		this.database = this.client.getDatabase(url.getDatabase());
		this.items = this.database.getCollection("items");
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.server.close();
	}

	@Test
	void readsAllDocumentsOfACursor() {
		this.items.insertMany(IntStream.range(0, 500).mapToObj((i) -> new Document("_id", i)).toList());
		assertThat(this.items.find().batchSize(50)).hasSize(500);
		assertThat(this.items.find().sort(new Document("_id", -1)).batchSize(50)).hasSize(500);
		assertThat(this.items.countDocuments()).isEqualTo(500);
		assertThat(this.server.countCursors()).isZero();
	}

	@Test
	void commitsAndRollsBack() {
		this.items.insertOne(new Document("_id", 0));
		try (ClientSession session = this.client.startSession()) {
			session.startTransaction();
			this.items.insertOne(session, new Document("_id", 1));
			session.abortTransaction();
			session.startTransaction();
			this.items.insertOne(session, new Document("_id", 2));
			assertThat(this.items.countDocuments()).isEqualTo(1);
			assertThat(this.server.countTransactions()).isEqualTo(1);
			session.commitTransaction();
		}
		assertThat(this.items.find()).extracting((item) -> item.get("_id")).containsExactly(0, 2);
		assertThat(this.server.countTransactions()).isZero();
	}

	@Test
	void labelsAConflictingTransaction() {
		this.items.insertOne(new Document("_id", 0).append("n", 0));
		try (ClientSession session = this.client.startSession()) {
			session.startTransaction();
			assertThat(this.items.find(session).first()).containsEntry("n", 0);
			this.items.updateOne(Filters.eq(0), Updates.inc("n", 1));
			assertThatExceptionOfType(MongoException.class)
				.isThrownBy(() -> this.items.updateOne(session, Filters.eq(0), Updates.inc("n", 1)))
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(112))
				.satisfies((ex) -> assertThat(ex.hasErrorLabel("TransientTransactionError")).isTrue());
		}
	}

	@Test
	void translatesErrorCodes() {
		this.items.insertOne(new Document("_id", 0));
		assertThatExceptionOfType(MongoWriteException.class)
			.isThrownBy(() -> this.items.insertOne(new Document("_id", 0)))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(11000));
		this.database.runCommand(Document.parse("{create: 'typed', validator: {$jsonSchema: {required: ['name']}}}"));
		assertThatExceptionOfType(MongoWriteException.class)
			.isThrownBy(() -> this.database.getCollection("typed").insertOne(new Document("_id", 0)))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(121));
		assertThatExceptionOfType(MongoCommandException.class)
			.isThrownBy(() -> this.database.runCommand(new Document("unknown", 1)))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(59));
	}

	@Test
	void executesARetriedWriteOnce() {
		this.server.fail(Failure.closeAfter("insert"));
		this.items.insertOne(new Document("_id", 0));
		assertThat(this.items.countDocuments()).isEqualTo(1);
		assertThat(this.server.countCommands("insert")).isEqualTo(2);
	}

	@Test
	void returnsTheResultOfARetriedCommit() {
		this.items.insertOne(new Document("_id", 0));
		this.server.fail(Failure.closeAfter("commitTransaction"));
		try (ClientSession session = this.client.startSession()) {
			session.startTransaction();
			this.items.insertOne(session, new Document("_id", 1));
			session.commitTransaction();
		}
		assertThat(this.items.countDocuments()).isEqualTo(2);
		assertThat(this.server.countCommands("commitTransaction")).isEqualTo(2);
	}

	@Test
	void endsSessionsAndClosesSockets() {
		this.items.insertOne(new Document("_id", 0));
		assertThat(this.server.countSessions()).isEqualTo(1);
		assertThat(this.server.countSockets()).isPositive();
		this.client.close();
		assertThat(this.server.countSessions()).isZero();
		assertThat(this.server.countEndedSessions()).isEqualTo(1);
		TestDatabases.await(() -> this.server.countSockets() == 0);
	}

	@Test
	void requiresALogin() {
		this.server.setUser("anna", "pässword,=");
		String url = this.server.getUrl("shop").replace("mongodb://", "mongodb://anna:p%C3%A4ssword,=@")
				+ "&authSource=admin";
		try (MongoClient client = MongoClients.create(url)) {
			client.getDatabase("shop").getCollection("items").countDocuments();
		}
		this.server.setUser("anna", "other");
		try (MongoClient client = MongoClients.create(url)) {
			assertThatExceptionOfType(MongoSecurityException.class)
				.isThrownBy(() -> client.getDatabase("shop").getCollection("items").countDocuments());
		}
		assertThatExceptionOfType(MongoCommandException.class).isThrownBy(() -> this.items.countDocuments())
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(13));
	}

	@Test
	void electsAnotherPrimary() {
		try (DocumentDbServer set = RealServers.startDocumentDb(2);
				MongoClient client = MongoClients.create(set.getUrl("shop"))) {
			MongoCollection<Document> items = client.getDatabase(this.database.getName()).getCollection("items");
			items.insertOne(new Document("_id", 0));
			set.elect(1);
			items.insertOne(new Document("_id", 1));
			assertThat(items.countDocuments()).isEqualTo(2);
		}
	}

	@Test
	void limitsTheTimeOfACommand() {
		this.items.insertMany(IntStream.range(0, 2000).mapToObj((i) -> new Document("_id", i)).toList());
		Document slow = Document.parse("{aggregate: 'items', maxTimeMS: 20, cursor: {}, pipeline: ["
				+ "{$lookup: {from: 'items', pipeline: [{$match: {x: {$exists: false}}}], as: 'all'}}, {$unwind: '$all'}, {$count: 'n'}]}");
		assertThatExceptionOfType(MongoException.class).isThrownBy(() -> this.database.runCommand(slow))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(50));
	}

	@Test
	void explainsTheIndexOfAQuery() {
		this.items.insertMany(List.of(new Document("_id", 0).append("name", "a")));
		this.items.createIndex(new Document("name", 1));
		assertThat(this.items.find(Filters.eq("name", "a")).explain().toString()).contains("stage=IXSCAN", "name_1");
		assertThat(this.items.find(Filters.eq("other", "a")).explain().toString()).contains("stage=COLLSCAN");
	}

}
