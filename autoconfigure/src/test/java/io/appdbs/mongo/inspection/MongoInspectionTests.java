package io.appdbs.mongo.inspection;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.FindingsReport.CheckReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.Inspection;
import io.appdbs.inspection.Readings;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SessionReport;
import io.appdbs.inspection.Severity;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import io.netty.channel.Channel;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for inspections of MongoDB, on a server that is compatible with it and answers
 * some commands as a test says.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MongoInspectionTests {

	private final Answers answers = new Answers();

	private final MongoServer server = new MongoServer(this.answers);

	private int port;

	@BeforeEach
	void startServer() {
		this.port = this.server.bind().getPort();
	}

	@AfterEach
	void stopServer() {
		this.server.shutdownNow();
	}

	@Test
	void theSizeIsThatOfTheDatabase() {
		this.answers.put("dbStats",
				() -> new Document("storageSize", 4096L).append("indexSize", 1024)
					.append("collections", 2)
					.append("ok", 1.0));
		run((inspection, context) -> {
			Report<SizeReport> report = inspection.size();
			assertThat(report.status()).isEqualTo(ReportStatus.OK);
			assertThat(report.exact()).isTrue();
			assertThat(report.value()).isEqualTo(new SizeReport(5120L, 4096L, 1024L, 2L));
		});
	}

	@Test
	void aServerThatIsCompatibleReportsItsCollectionsAndIndexes() {
		run((inspection, context) -> {
			fill(context);
			assertThat(inspection.size().getRequiredValue().tables()).isEqualTo(2);
			Report<List<TableReport>> tables = inspection.tables();
			assertThat(tables.status()).isEqualTo(ReportStatus.OK);
			assertThat(tables.leftOut()).isZero();
			assertThat(tables.getRequiredValue()).extracting(TableReport::name)
				.containsExactlyInAnyOrder("item", "note");
			assertThat(tables.getRequiredValue()).filteredOn((table) -> table.name().equals("item"))
				.singleElement()
				.satisfies((table) -> assertThat(table.rows()).isEqualTo(3));
			Report<List<IndexReport>> indexes = inspection.indexes();
			assertThat(indexes.status()).isEqualTo(ReportStatus.OK);
			assertThat(indexes.getRequiredValue())
				.extracting(IndexReport::name, IndexReport::table, IndexReport::columns, IndexReport::unique)
				.containsExactlyInAnyOrder(row("item._id_", "item", List.of("_id"), true),
						row("note._id_", "note", List.of("_id"), true), row("item.sku_1", "item", List.of("sku"), true),
						row("item.seen_-1_sku_1", "item", List.of("seen DESC", "sku"), false));
		});
	}

	private static Tuple row(Object... values) {
		return Tuple.tuple(values);
	}

	private static void fill(ApplicationContext context) {
		MongoCollection<org.bson.Document> items = collection(context, "item");
		items.insertMany(List.of(new org.bson.Document("sku", 1), new org.bson.Document("sku", 2),
				new org.bson.Document("sku", 3)));
		items.createIndex(new org.bson.Document("sku", 1), new IndexOptions().unique(true));
		items.createIndex(new org.bson.Document("seen", -1).append("sku", 1));
		collection(context, "note").insertOne(new org.bson.Document("text", "x"));
	}

	private static MongoCollection<org.bson.Document> collection(ApplicationContext context, String name) {
		return context.getBean("catalogMongoClient", MongoClient.class).getDatabase("catalog").getCollection(name);
	}

	@Test
	void whenThereAreMoreCollectionsThanTheLimitThenItSaysHowManyAreLeftOut() {
		run((inspection, context) -> {
			fill(context);
			Report<List<TableReport>> tables = inspection.tables();
			assertThat(tables.leftOut()).isEqualTo(1);
			assertThat(tables.getRequiredValue()).hasSize(1);
			assertThat(tables.message()).isEqualTo(
					"The collections are the first ones in the order of the server, and not the largest of all, as each needs a command.");
			assertThat(inspection.indexes().leftOut()).isNull();
			assertThat(this.answers.count("collStats")).isEqualTo(2);
		}, "limit=1");
	}

	@Test
	void whenACommandIsNotKnownThenItIsUnsupportedAndSentOnce() {
		run((inspection, context) -> {
			Report<ActivityReport> activity = inspection.activity();
			assertThat(activity.status()).isEqualTo(ReportStatus.UNSUPPORTED);
			assertThat(activity.message()).isEqualTo(
					"The server does not report the operations of other logins: it does not know the command '$currentOp'.");
			FindingsReport findings = inspection.findings().getRequiredValue();
			assertThat(findings.checks().get("long-transaction").status()).isEqualTo(ReportStatus.UNSUPPORTED);
			assertThat(this.answers.count("$currentOp")).isEqualTo(1);
		});
	}

	@Test
	void whenTheLoginHasNoRightThenItSaysWhichRoleToGrant() {
		Supplier<Document> denied = () -> {
			throw new MongoServerError(13, "Unauthorized", "not authorized on catalog to execute command");
		};
		for (String command : List.of("dbStats", "listCollections", "$currentOp", "serverStatus")) {
			this.answers.put(command, denied);
		}
		run((inspection, context) -> {
			assertDenied(inspection.size(),
					"The login may not read the size of the database: the command 'dbStats' needs the role 'read' of the database 'catalog'.",
					"db.grantRolesToUser(\"…\", [ { role: \"read\", db: \"catalog\" } ])");
			assertDenied(inspection.tables(),
					"The login may not read the collections: the command 'listCollections' needs the role 'read' of the database 'catalog'.",
					"db.grantRolesToUser(\"…\", [ { role: \"read\", db: \"catalog\" } ])");
			assertDenied(inspection.activity(),
					"The login may not read the operations of other logins: the command '$currentOp' needs the role 'clusterMonitor' of the database 'admin'.",
					"db.grantRolesToUser(\"…\", [ { role: \"clusterMonitor\", db: \"admin\" } ])");
			FindingsReport findings = inspection.findings().getRequiredValue();
			assertThat(findings.findings()).isEmpty();
			assertThat(findings.statisticsSince()).isNull();
			assertThat(findings.checks().values()).extracting(CheckReport::status)
				.containsOnly(ReportStatus.INSUFFICIENT_RIGHTS);
			assertThat(findings.checks()).containsOnlyKeys("duplicate-index", "long-transaction", "unused-index");
		});
	}

	private static void assertDenied(Report<?> report, String message, String fix) {
		assertThat(report.status()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
		assertThat(report.value()).isNull();
		assertThat(report.message()).isEqualTo(message);
		assertThat(report.fix()).isEqualTo(fix);
	}

	@Test
	void activityHasTheOperationsOnTheDatabaseWithoutValues() {
		this.answers.put("$currentOp",
				() -> batch(operation(1, "catalog.item", 7_000_000, false),
						operation(2, "other.item", 9_000_000, false), operation(3, "catalog.note", 1_000_000, true),
						new Document("type", "idleSession").append("active", false)
							.append("connectionId", 17)
							.append("transaction", new Document("timeOpenMicros", 400_000_000L)),
						new Document("type", "idleSession").append("active", false)));
		run((inspection, context) -> {
			Report<ActivityReport> report = inspection.activity();
			assertThat(report.status()).isEqualTo(ReportStatus.OK);
			ActivityReport activity = report.getRequiredValue();
			assertThat(activity.active()).isEqualTo(2);
			assertThat(activity.idleInTransaction()).isEqualTo(1);
			assertThat(activity.waiting()).isEqualTo(1);
			assertThat(activity.sessions()).extracting(SessionReport::id).containsExactly("17", "1", "3");
			assertThat(activity.sessions().get(0).transactionAge()).isEqualTo(Duration.ofSeconds(400));
			assertThat(activity.sessions().get(1)).isEqualTo(new SessionReport("1", "app", "shop", "10.0.0.1:4242",
					"query", null, Duration.ofSeconds(7), null, List.of(), "find catalog.item"));
			assertThat(activity.sessions().get(2).waitingFor()).isEqualTo("lock");
		});
	}

	@Test
	void whenAnOperationIsLongThenItIsAFinding() {
		this.answers.put("$currentOp",
				() -> batch(operation(1, "catalog.item", 301_000_000, false),
						operation(2, "catalog.item", 299_000_000, false),
						new Document("type", "idleSession").append("active", false)
							.append("connectionId", 17)
							.append("transaction", new Document("timeOpenMicros", 400_000_000L))));
		run((inspection, context) -> assertThat(inspection.findings().getRequiredValue().findings())
			.containsExactlyInAnyOrder(Finding.of("long-transaction", Severity.WARN, "17", null,
					"Operation 17 has had a transaction open for 6 min 40 s and is 'idle': the server keeps the old versions of all documents that have changed since then.",
					null),
					Finding.of("long-transaction", Severity.WARN, "1", null,
							"Operation 1 has been running for 5 min 1 s and is 'query'.", "db.killOp(1)")));
	}

	private static Document operation(int id, String namespace, long micros, boolean waits) {
		return new Document("type", "op").append("opid", id)
			.append("active", true)
			.append("op", "query")
			.append("ns", namespace)
			.append("microsecs_running", micros)
			.append("waitingForLock", waits)
			.append("client", "10.0.0.1:4242")
			.append("appName", "shop")
			.append("effectiveUsers", List.of(new Document("user", "app").append("db", "admin")))
			.append("command", new Document("find", "item").append("filter", new Document("secret", "value")));
	}

	@Test
	void whenTwoIndexesAreTheSameThenOneIsAFinding() {
		this.answers.put("$currentOp", MongoInspectionTests::batch);
		this.answers.put("listIndexes", () -> batch(index("_id_", new Document("_id", 1)),
				index("a_1", new Document("a", 1)), index("a_unique", new Document("a", 1.0)).append("unique", true),
				index("a_1_b_1", new Document("a", 1).append("b", 1)),
				index("b_1_a_1", new Document("b", 1).append("a", 1)),
				index("a_sparse", new Document("a", 1)).append("sparse", true),
				index("a_partial", new Document("a", 1)).append("partialFilterExpression", new Document("b", 1))));
		run((inspection, context) -> {
			collection(context, "item").insertOne(new org.bson.Document("a", 1));
			assertThat(inspection.findings().getRequiredValue().findings())
				.containsExactly(Finding.of("duplicate-index", Severity.WARN, "item.a_1", "item",
						"The index is the same as item.a_unique: each write maintains both.",
						"db.getCollection(\"item\").dropIndex(\"a_1\")"));
		});
	}

	private static Document index(String name, Document key) {
		return new Document("v", 2).append("key", key).append("name", name);
	}

	@Test
	void whenAnIndexIsNotUsedThenItIsAFindingUnlessItHasAnotherPurpose() {
		Instant old = Instant.now().minus(Duration.ofDays(9)).minusSeconds(60);
		answerUses(old);
		run((inspection, context) -> {
			collection(context, "item").insertOne(new org.bson.Document("a", 1));
			Report<FindingsReport> report = inspection.findings();
			assertThat(report.status()).isEqualTo(ReportStatus.OK);
			assertThat(report.getRequiredValue().findings()).containsExactly(Finding.of("unused-index", Severity.INFO,
					"item.large_1", "item", "The index has not been used for 9 d; it takes 8.0 MB.",
					"db.getCollection(\"item\").dropIndex(\"large_1\")"));
		});
	}

	@Test
	void whenTheServerHasNotCountedForLongThenNothingIsSaidAboutTheUse() {
		answerUses(Instant.now().minus(Duration.ofDays(2)));
		run((inspection, context) -> {
			collection(context, "item").insertOne(new org.bson.Document("a", 1));
			FindingsReport report = inspection.findings().getRequiredValue();
			assertThat(report.findings()).isEmpty();
			assertThat(report.checks().get("unused-index").message())
				.startsWith("'catalog' has counted the use of indexes for 2 d, since ");
		});
	}

	@Test
	void whenOtherMembersCountForThemselvesThenNothingIsSaidAboutTheUse() {
		answerUses(Instant.now().minus(Duration.ofDays(9)));
		this.answers.hello = (hello) -> hello.append("setName", "rs0").append("hosts", List.of("a:1", "b:1"));
		run((inspection, context) -> {
			collection(context, "item").insertOne(new org.bson.Document("a", 1));
			CheckReport check = inspection.findings().getRequiredValue().checks().get("unused-index");
			assertThat(check.status()).isEqualTo(ReportStatus.UNSUPPORTED);
			assertThat(check.message()).startsWith(
					"Each member of the replica set 'rs0' counts the use of indexes for itself, and the others are not asked.");
		}, "../url=mongodb://localhost:" + this.port + "/catalog?directConnection=true");
	}

	private void answerUses(Instant since) {
		this.answers.put("$currentOp", MongoInspectionTests::batch);
		this.answers.put("listIndexes",
				() -> batch(index("_id_", new Document("_id", 1)), index("large_1", new Document("large", 1)),
						index("small_1", new Document("small", 1)), index("used_1", new Document("used", 1)),
						index("young_1", new Document("young", 1)),
						index("unique_1", new Document("unique", 1)).append("unique", true),
						index("ttl_1", new Document("ttl", 1)).append("expireAfterSeconds", 60)));
		this.answers.put("$indexStats",
				() -> batch(use("_id_", 0, since), use("large_1", 0, since), use("small_1", 0, since),
						use("used_1", 5, since), use("young_1", 0, Instant.now()), use("unique_1", 0, since),
						use("ttl_1", 0, since)));
		Map<String, Object> sizes = new HashMap<>();
		List.of("_id_", "large_1", "used_1", "young_1", "unique_1", "ttl_1")
			.forEach((name) -> sizes.put(name, 8 << 20));
		sizes.put("small_1", 4096);
		Document indexSizes = new Document();
		sizes.forEach(indexSizes::append);
		this.answers.put("collStats",
				() -> new Document("count", 1).append("storageSize", 4096)
					.append("indexSizes", indexSizes)
					.append("ok", 1.0));
	}

	private static Document use(String index, long operations, Instant since) {
		return new Document("name", index).append("accesses", new Document("ops", operations).append("since", since));
	}

	private static Document batch(Document... documents) {
		return new Document("cursor",
				new Document("id", 0L).append("ns", "catalog.x").append("firstBatch", List.of(documents)))
			.append("ok", 1.0);
	}

	@Test
	void readingsHaveTheSizeAndTheCache() {
		this.answers.put("dbStats",
				() -> new Document("storageSize", 4096L).append("indexSize", 1024).append("ok", 1.0));
		this.answers.put("serverStatus",
				() -> new Document("uptime", 3600.0)
					.append("wiredTiger",
							new Document(
									"cache",
									new Document("pages requested from the cache", 100L).append("pages read into cache",
											25L)))
					.append("ok", 1.0));
		run((inspection, context) -> {
			Instant since = inspection.findings().getRequiredValue().statisticsSince();
			assertThat(since).isBetween(Instant.now().minusSeconds(3700), Instant.now().minusSeconds(3590));
			Readings readings = inspection.getLastReadings();
			assertThat(readings).isNotNull();
			assertThat(readings.bytes()).isEqualTo(5120);
			assertThat(readings.deadlocks()).isNull();
		});
	}

	@Test
	void statementsAreNotCounted() {
		run((inspection, context) -> {
			Report<List<StatementReport>> report = inspection.statements();
			assertThat(report.status()).isEqualTo(ReportStatus.UNSUPPORTED);
			assertThat(report.message()).isEqualTo(
					"MongoDB does not count statements. Set 'slow-query-threshold' to log slow ones of this application.");
		});
	}

	@Test
	void whenTheServerDoesNotAnswerInTimeThenTheTopicIsTimedOut() {
		CountDownLatch latch = new CountDownLatch(1);
		this.answers.put("dbStats", () -> {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return new Document("ok", 1.0);
		});
		run((inspection, context) -> {
			Report<SizeReport> report = inspection.size();
			latch.countDown();
			assertThat(report.status()).isEqualTo(ReportStatus.TIMED_OUT);
			assertThat(report.message())
				.isEqualTo("The server did not answer within the time limit of the inspection.");
		}, "timeout=300ms");
	}

	@Test
	void whenTheServerReportsATimeoutOrAnotherErrorThenItIsTranslated() {
		Queue<Integer> codes = new ConcurrentLinkedQueue<>(List.of(50, 8000));
		this.answers.put("dbStats", () -> {
			throw new MongoServerError(codes.remove(), "Name", "the message");
		});
		run((inspection, context) -> assertThat(inspection.size().status()).isEqualTo(ReportStatus.TIMED_OUT));
		run((inspection, context) -> {
			Report<SizeReport> report = inspection.size();
			assertThat(report.status()).isEqualTo(ReportStatus.UNAVAILABLE);
			assertThat(report.message()).startsWith("The server did not answer the question: ").contains("the message");
		});
	}

	private void run(Script test, String... settings) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=mongodb://localhost:" + this.port + "/catalog")
			.withPropertyValues(List.of(settings)
				.stream()
				.map((setting) -> setting.startsWith("../") ? "app.dbs.catalog." + setting.substring(3)
						: "app.dbs.catalog.inspection." + setting)
				.toArray(String[]::new))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.run(context.getBean(Databases.class).get("catalog").inspect(), context);
			});
	}

	/**
	 * What a test does with an inspection.
	 */
	private interface Script {

		void run(Inspection inspection, ApplicationContext context) throws Exception;

	}

	/**
	 * Answers some commands, or stages of pipelines.
	 */
	private static final class Answers extends MemoryBackend {

		private final Map<String, Supplier<Document>> answers = new ConcurrentHashMap<>();

		private final Map<String, Integer> counts = new ConcurrentHashMap<>();

		private volatile Consumer<Document> hello = (hello) -> {
		};

		void put(String command, Supplier<Document> answer) {
			this.answers.put(command, answer);
		}

		int count(String command) {
			return this.counts.getOrDefault(command, 0);
		}

		@Override
		public Document handleCommand(Channel channel, String database, String command, Document query) {
			String name = command;
			if (command.equals("aggregate") && query.get("pipeline") instanceof List<?> stages && !stages.isEmpty()
					&& stages.get(0) instanceof Document stage) {
				name = stage.keySet().iterator().next();
			}
			this.counts.merge(name, 1, Integer::sum);
			Supplier<Document> answer = this.answers.get(name);
			if (answer != null) {
				return answer.get();
			}
			Document result = super.handleCommand(channel, database, command, query);
			if (command.equalsIgnoreCase("hello") || command.equalsIgnoreCase("ismaster")) {
				this.hello.accept(result);
			}
			return result;
		}

	}

}
