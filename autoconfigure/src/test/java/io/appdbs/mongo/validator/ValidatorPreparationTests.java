package io.appdbs.mongo.validator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.ValidationOptions;
import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.documentdb.Failure;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoManagedTypes;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ValidatorPreparation}.
 */
@RequiresDocumentDb
@ExtendWith(OutputCaptureExtension.class)
class ValidatorPreparationTests {

	private static final String HAND_MADE = "{ $jsonSchema: { required: ['sku'] } }";

	private DocumentDbServer server;

	private MongoClient client;

	private MongoDatabase database;

	private String url;

	@BeforeEach
	void start() {
		this.server = RealServers.startDocumentDb();
		this.url = this.server.getUrl("validators");
		this.client = MongoClients.create(this.url);
		this.database = this.client.getDatabase(this.url.replaceAll(".*/|\\?.*", ""));
	}

	@AfterEach
	void stop() {
		this.database.drop();
		this.client.close();
		this.server.close();
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withUserConfiguration(Entities.class)
			.withPropertyValues("app.dbs.orders.url=" + this.url, "app.dbs.orders.mongo.indexes.mode=off")
			.withPropertyValues(
					Stream.of(properties).map("app.dbs.orders.mongo.validators."::concat).toArray(String[]::new));
	}

	private static Map<String, Object> report(ApplicationContext context) {
		PreparationReport report = TestDatabases.orders(context).getSnapshot().preparation("validators");
		assertThat(report).isNotNull();
		return report.details();
	}

	private Document options(String collection) {
		return this.database.listCollections()
			.into(new java.util.ArrayList<>())
			.stream()
			.filter((each) -> collection.equals(each.getString("name")))
			.findFirst()
			.orElseThrow()
			.get("options", Document.class);
	}

	private void createHandMade() {
		this.database.createCollection("product", new CreateCollectionOptions()
			.validationOptions(new ValidationOptions().validator(Document.parse(HAND_MADE))));
	}

	@Test
	void nothingIsComparedByDefault() {
		runner().run((context) -> assertThat(TestDatabases.orders(context).getSnapshot().preparation("validators"))
			.isNull());
	}

	@Test
	void verifyReportsWhatIsMissingAndDifferent(CapturedOutput output) {
		createHandMade();
		runner("mode=verify").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(report(context)).containsEntry("same", 0)
				.containsEntry("missing", List.of("maker"))
				.containsKey("checkedAt")
				.doesNotContainKeys("applied", "violations", "counting", "notChecked");
			assertThat(report(context)).extractingByKey("different", InstanceOfAssertFactories.LIST)
				.singleElement(InstanceOfAssertFactories.MAP)
				.containsEntry("collection", "product")
				.containsEntry("is", Document.parse(HAND_MADE).toJson())
				.extractingByKey("shouldBe", InstanceOfAssertFactories.STRING)
				.startsWith("{\"$jsonSchema\": {\"description\": \"Derived from io.appdbs.mongo.validator."
						+ "ValidatorPreparationTests$Product\", \"bsonType\": \"object\", \"required\": [\"sku\"]");
			assertThat(output)
				.contains("Validators of database 'orders': 0 same, 1 missing (maker), 1 different (product)");
			assertThat(options("product").get("validator")).isEqualTo(Document.parse(HAND_MADE));
			assertThat(this.database.listCollectionNames()).containsExactly("product");
		});
	}

	@Test
	void applySetsValidatorsThatWarnAndReportsTheFormerOnes(CapturedOutput output) {
		createHandMade();
		runner("mode=apply").run((context) -> {
			assertThat(report(context)).containsEntry("applied", List.of("maker", "product"));
			assertThat(output).contains("The validator of collection 'product' in database 'orders' is replaced. The "
					+ "former one is {\"$jsonSchema\": {\"required\": [\"sku\"]}}");
		});
		assertThat(options("product")).containsEntry("validationAction", "warn")
			.containsEntry("validationLevel", "moderate");
		assertThat(options("maker").get("validator", Document.class)).containsOnlyKeys("$jsonSchema");
		runner("mode=apply").run((context) -> assertThat(report(context)).containsEntry("same", 2)
			.doesNotContainKeys("applied", "different"));
		runner("mode=verify").run((context) -> assertThat(report(context)).containsEntry("same", 2)
			.doesNotContainKeys("missing", "different"));
	}

	@Test
	void withActionErrorTheServerRejectsDocumentsThatAreNotValid(CapturedOutput output) {
		this.database.getCollection("product")
			.insertMany(List.of(Document.parse("{ sku: 'a', amount: 1 }"), Document.parse("{ amount: -1 }"),
					Document.parse("{ sku: ' ' }")));
		runner("mode=apply", "action=error").run((context) -> {
			assertThat(report(context)).containsEntry("violations", Map.of("product", 2L));
			assertThat(output)
				.contains("2 documents of collection 'product' in database 'orders' are not valid for its "
						+ "entities. They can still be changed, but the server rejects new ones like them.");
			MongoTemplate template = context.getBean(MongoTemplate.class);
			template.insert(new Product(null, "b", 1));
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> template.insert(new Product(null, " ", 1)))
				.withRootCauseInstanceOf(MongoWriteException.class);
			this.database.getCollection("product")
				.updateOne(Document.parse("{ amount: -1 }"), Document.parse("{ $set: { amount: -2 } }"));
		});
	}

	@Test
	void aDifferentActionIsSet() {
		runner("mode=apply").run((context) -> assertThat(context).hasNotFailed());
		runner("mode=apply", "action=error")
			.run((context) -> assertThat(report(context)).containsEntry("applied", List.of("maker", "product")));
		assertThat(options("product")).containsEntry("validationAction", "error");
	}

	@Test
	void manyDocumentsAreCountedAfterTheDatabaseIsUp(CapturedOutput output) {
		this.database.getCollection("product")
			.insertMany(IntStream.range(0, 1500)
				.mapToObj((i) -> new Document("sku", (i < 3) ? "" : "x").append("amount", 1))
				.toList());
		runner("mode=verify").run((context) -> {
			assertThat(context).hasNotFailed();
			Awaitility.await()
				.untilAsserted(() -> assertThat(report(context)).containsEntry("violations", Map.of("product", 3L))
					.containsEntry("missing", List.of("maker", "product"))
					.doesNotContainKey("counting"));
			assertThat(output).contains("3 documents of collection 'product' in database 'orders' are not valid");
		});
		assertThat(TestDatabases.threads("appdbs-validators")).isEmpty();
	}

	@Test
	void closingTheApplicationDoesNotWaitForACount() {
		this.database.getCollection("product")
			.insertMany(IntStream.range(0, 1500).mapToObj((i) -> new Document("sku", "x")).toList());
		this.server.fail(Failure.delay("aggregate", Duration.ofSeconds(30)));
		runner("mode=verify", "timeout=4s").run((context) -> {
			assertThat(report(context)).containsEntry("counting", List.of("product"));
			Awaitility.await().until(ValidatorPreparationTests::isCounting);
		});
		TestDatabases.awaitNoThreads("appdbs-validators");
	}

	@Test
	void closingTheApplicationLetsACountEndThatTakesAMoment() {
		this.database.getCollection("product")
			.insertMany(IntStream.range(0, 1500).mapToObj((i) -> new Document("sku", "x")).toList());
		int before = this.server.countSessions();
		this.server.fail(Failure.delay("aggregate", Duration.ofMillis(200)));
		runner("mode=verify").run((context) -> Awaitility.await().until(ValidatorPreparationTests::isCounting));
		TestDatabases.awaitNoThreads("appdbs-validators");
		assertThat(this.server.countSessions()).isEqualTo(before);
	}

	private static boolean isCounting() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().startsWith("appdbs-validators"))
			.flatMap((thread) -> Stream.of(thread.getValue()))
			.anyMatch((frame) -> frame.getMethodName().equals("countDocuments"));
	}

	@Test
	void aCountThatDoesNotFinishIsReportedAsSuch() {
		this.database.getCollection("product").insertOne(new Document("sku", "x"));
		this.server.fail(Failure.error("aggregate", 50));
		runner("mode=verify", "timeout=2s").run((context) -> assertThat(report(context))
			.containsEntry("notChecked", Map.of("product", "timed out after 2000 ms"))
			.doesNotContainKey("violations"));
	}

	@Test
	void withoutThePrivilegeToListCollectionsVerifyingReportsIt() {
		this.server.fail(Failure.error("listCollections", 13).times(10));
		runner("mode=verify").run((context) -> assertThat(report(context)).extractingByKey("notChecked")
			.isEqualTo(Map.of("maker", "the login has no privilege to list collections", "product",
					"the login has no privilege to list collections")));
	}

	@Test
	void withoutThePrivilegeToSetAValidatorApplyingFails() {
		createHandMade();
		this.server.fail(Failure.error("collMod", 13));
		assertThat(FailureText.ofStart(runner("mode=apply"))).isEqualTo(
				"""
						Database 'orders': 'app.dbs.orders.mongo.validators.mode' is 'apply', but the login has no privilege to set the validator of collection 'product'.

						Grant it the action 'collMod' on the database, which the role 'dbAdmin' has, or set 'app.dbs.orders.mongo.validators.mode' to 'verify'.""");
	}

	@Test
	void aValidatorThatTheServerRejectsIsReported() {
		this.server.fail(Failure.error("create", 9));
		assertThat(FailureText.ofStart(runner("mode=apply"))).isEqualTo(
				"""
						Database 'orders': the server rejects the validator of collection 'maker': Failing command via 'failCommand' failpoint

						Add 'maker' to 'app.dbs.orders.mongo.validators.exclude', or set 'app.dbs.orders.mongo.validators.mode' to 'verify'.""");
	}

	@Test
	void aViewCannotHaveAValidator() {
		this.database.createCollection("stock");
		this.database.createView("product", "stock", List.of());
		assertThat(FailureText.ofStart(runner("mode=apply"))).isEqualTo(
				"""
						Database 'orders': 'app.dbs.orders.mongo.validators.mode' is 'apply', but 'product', where io.appdbs.mongo.validator.ValidatorPreparationTests$Product is stored, is a view, which cannot have a validator.

						Add 'product' to 'app.dbs.orders.mongo.validators.exclude'.""");
		runner("mode=apply", "exclude=product")
			.run((context) -> assertThat(report(context)).containsEntry("same", 1).doesNotContainKey("leftOut"));
		runner("mode=verify")
			.run((context) -> assertThat(report(context)).containsEntry("leftOut", Map.of("product", "it is a view")));
	}

	@Test
	void anUnknownExcludedCollectionIsReported() {
		assertThat(FailureText.ofStart(runner("mode=verify", "exclude=products"))).isEqualTo(
				"""
						Database 'orders': 'app.dbs.orders.mongo.validators.exclude' has 'products', but no entity is stored in this collection. Did you mean 'product'? Known: maker, product.

						Correct the name, or remove it.""");
	}

	@Test
	void severalInstancesApplyAtOnce() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(4);
		try {
			List<Future<?>> instances = IntStream.range(0, 4)
				.<Future<?>>mapToObj((i) -> executor.submit(() -> runner("mode=apply", "action=error")
					.run((context) -> assertThat(context).hasNotFailed())))
				.toList();
			for (Future<?> instance : instances) {
				instance.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		runner("mode=verify").run((context) -> assertThat(report(context)).containsEntry("same", 2));
	}

	@Configuration(proxyBeanMethods = false)
	static class Entities {

		@Bean
		@Qualifier("orders")
		MongoManagedTypes entities() {
			return MongoManagedTypes.from(Product.class, Maker.class);
		}

	}

	@org.springframework.data.mongodb.core.mapping.Document
	record Product(String id, @NotBlank String sku, @Min(0) int amount) {
	}

	@org.springframework.data.mongodb.core.mapping.Document
	record Maker(String id, String name) {
	}

}
