package io.appdbs.audit;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.appdbs.audit.unit.AuditTrails;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.rls.RlsContextThreadLocalAccessor;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the audit of MongoDB databases.
 */
class MongoAuditTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final String INSERT = "insert item {ordered: ?, documents: [{_id: ?}]}";

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private final RecordedEvents events = new RecordedEvents();

	@BeforeEach
	void empty() {
		try (MongoClient client = MongoClients.create(url())) {
			client.getDatabase("catalog").drop();
		}
	}

	private static String url() {
		return servers.getUrl("embedded:mongodb", "catalog");
	}

	@AfterEach
	void clear() {
		SecurityContextHolder.clearContext();
		MDC.clear();
	}

	@Test
	void eachCommandIsAUnitWithItsShapeAndWithoutValues() {
		runner("all").run((context) -> {
			MongoTemplate template = template(context);
			RlsContextHolder.runAs(RlsContext.of("jane"), () -> {
				template.insert(new Document("_id", "s3cr3t"), "item");
				template.updateMulti(Query.query(Criteria.where("_id").is("s3cr3t")), Update.update("name", "s3cr3t2"),
						"item");
			});
			assertThat(template.find(new Query(), Document.class, "item")).hasSize(1);
			assertThatExceptionOfType(DuplicateKeyException.class)
				.isThrownBy(() -> template.insert(new Document("_id", "s3cr3t"), "item"));
			assertThat(this.events.takeLines()).containsExactly("committed by jane | " + INSERT + " -> 1",
					"committed by jane | update item {ordered: ?, updates: [{q: {_id: ?}, u: {$set: {name: ?}}, multi: ?}]} -> 1",
					"committed by - | find item {filter: {}} -> 1",
					"failed WriteError(11000) by - | " + INSERT + " -> 1 WriteError(11000)");
		});
	}

	@Test
	void writesRecordsWritesOnly() {
		runner("writes").run((context) -> {
			MongoCollection<Document> items = template(context).getCollection("item");
			items.insertMany(IntStream.range(0, 5).mapToObj((id) -> new Document("_id", id)).toList());
			assertThat(items.find().batchSize(2)).hasSize(5);
			assertThat(items.countDocuments()).isEqualTo(5);
			items.aggregate(List.of(new Document("$match", new Document()), new Document("$out", "copy")))
				.toCollection();
			items.findOneAndDelete(new Document("_id", 1));
			template(context).executeCommand("{ping: 1}");
			assertThat(this.events.takeLines()).containsExactly("committed by - | 5 x " + INSERT + " -> 5",
					"committed by - | aggregate item {pipeline: [{$match: {}}, {$out: copy}]} -> 0",
					"committed by - | findAndModify item {query: {_id: ?}, remove: ?} -> ?");
		});
	}

	@Test
	void furtherBatchesNameTheCommandThatHasOpenedTheCursor() {
		runner("all").run((context) -> {
			MongoCollection<Document> items = template(context).getCollection("item");
			items.insertMany(IntStream.range(0, 3).mapToObj((id) -> new Document("_id", id)).toList());
			this.events.take();
			assertThat(items.find().batchSize(2)).hasSize(3);
			assertThat(this.events.takeLines()).containsExactly(
					"committed by - | find item {filter: {}, batchSize: ?} -> 2",
					"committed by - | getMore item {batchSize: ?} of find item {filter: {}, batchSize: ?} -> 1");
		});
	}

	@Test
	void aFailedBulkWriteMayHaveWritten() {
		runner("writes").run((context) -> {
			MongoCollection<Document> items = template(context).getCollection("item");
			assertThatExceptionOfType(MongoBulkWriteException.class).isThrownBy(() -> items
				.insertMany(List.of(new Document("_id", 1), new Document("_id", 1), new Document("_id", 2))));
			assertThat(this.events.takeLines())
				.containsExactly("unknown WriteError(11000) by - | 3 x " + INSERT + " -> 3 WriteError(11000)");
		});
	}

	/**
	 * The driver ignores exceptions of listeners, so {@code on-failure: fail} is
	 * rejected.
	 */
	@Test
	void aSinkThatFailsCannotPreventACommand() {
		runner("writes").run((context) -> {
			this.events.failFor((event) -> true);
			template(context).insert(new Document("_id", 1), "item");
			assertThat(template(context).count(new Query(), "item")).isOne();
			assertThat(context.getBean(AuditTrails.class)
				.get(context.getBean(DatabaseLifecycle.class).getDefinition("catalog"))
				.getFailures()).isOne();
		});
	}

	@Test
	void whatASinkWritesToTheDatabaseIsNotRecorded() {
		ApplicationContext[] current = new ApplicationContext[1];
		runner("writes")
			.withBean("writingSink", AuditSink.class,
					() -> (event) -> template(current[0]).insert(new Document("_id", event.id()), "journal"))
			.run((context) -> {
				current[0] = context;
				template(context).insert(new Document("_id", 1), "item");
				assertThat(this.events.take()).hasSize(1);
				assertThat(template(context).count(new Query(), "journal")).isOne();
			});
	}

	@Test
	void theUserOfAReactiveOperationIsThatOfItsSubscriber() {
		runner("writes").withPropertyValues("app.dbs.catalog.mongo.reactive=true").run((context) -> {
			ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
			insert(template, 1)
				.contextWrite(ReactiveSecurityContextHolder
					.withAuthentication(new TestingAuthenticationToken("alice", "s3cr3t", "ROLE_USER")))
				.block(TIMEOUT);
			insert(template, 2)
				.contextWrite((values) -> values.put(RlsContextThreadLocalAccessor.KEY, RlsContext.of("jane")))
				.block(TIMEOUT);
			insert(template, 3)
				.contextWrite(ReactiveSecurityContextHolder.withAuthentication(new AnonymousAuthenticationToken("key",
						"anonymous", AuthorityUtils.createAuthorityList("ANY"))))
				.block(TIMEOUT);
			MDC.put("traceId", "4bf92f3577b34da6");
			RlsContextHolder.runAs(RlsContext.of("thread"), () -> insert(template, 4).block(TIMEOUT));
			List<AuditEvent> taken = this.events.take();
			assertThat(taken).extracting((event) -> event.user().name())
				.containsExactly("alice", "jane", null, "thread");
			assertThat(taken.get(3).traceId()).isEqualTo("4bf92f3577b34da6");
		});
	}

	private static Mono<Document> insert(ReactiveMongoTemplate template, int id) {
		return template.insert(new Document("_id", id), "item");
	}

	private static MongoTemplate template(ApplicationContext context) {
		return context.getBean("catalogMongoTemplate", MongoTemplate.class);
	}

	private ApplicationContextRunner runner(String statements) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withBean("recordedEvents", AuditSink.class, () -> this.events)
			.withPropertyValues("app.dbs.catalog.url=" + url(), "app.dbs.catalog.audit.statements=" + statements);
	}

}
