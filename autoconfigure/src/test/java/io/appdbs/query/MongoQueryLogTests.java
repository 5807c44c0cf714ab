package io.appdbs.query;

import java.util.List;
import java.util.stream.IntStream;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Indexes;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the query log of MongoDB databases.
 */
class MongoQueryLogTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@AutoClose
	private final LoggedQueries logged = new LoggedQueries();

	@Test
	void whenNoLogIsEnabledThenThereIsNoListener() {
		runner().run((context) -> {
			template(context).insert(new Document("_id", "off"), "item");
			assertThat(this.logged.take()).isEmpty();
			assertThat(queryLog(context)).isNull();
		});
	}

	@Test
	void eachCommandIsLoggedInOneLineWithItsShapeAndWithoutValues() {
		runner("app.dbs.catalog.query-log=true").run((context) -> {
			MongoTemplate template = template(context);
			template.dropCollection("item");
			this.logged.take();
			template.insert(new Document("_id", "s3cr3t").append("price", 1), "item");
			template.insert(
					List.of(new Document("_id", "s3cr3t2").append("price", 2).append("tags", List.of("a", "b")),
							new Document("_id", "s3cr3t3").append("price", 3).append("tags", List.of("s3cr3t"))),
					"item");
			Query query = Query.query(Criteria.where("price").gte(2).and("_id").in("s3cr3t2", "s3cr3t3"))
				.with(Sort.by("price"));
			assertThat(template.find(query, Document.class, "item")).hasSize(2);
			template.updateMulti(query, Update.update("name", "s3cr3t"), "item");
			template.remove(new Query(), "item");
			assertThat(this.logged.take()).containsExactly(
					"INFO query.catalog duration=* rows=1 query=insert item {ordered: ?, documents: [{_id: ?, price: ?}]}",
					"INFO query.catalog duration=* rows=2 batch=2 query=insert item {ordered: ?, documents: [{_id: ?, price: ?, tags: [?]}]}",
					"INFO query.catalog duration=* rows=2 query=find item {filter: {price: {$gte: ?}, _id: {$in: [?]}}, sort: {price: ?}}",
					"INFO query.catalog duration=* rows=2 query=update item {ordered: ?, updates: [{q: {price: {$gte: ?}, _id: {$in: [?]}}, u: {$set: {name: ?}}, multi: ?}]}",
					"INFO query.catalog duration=* rows=3 query=delete item {ordered: ?, deletes: [{q: {}, limit: ?}]}");
		});
	}

	@Test
	void commandsOfTheReactiveClientAreLoggedAsWell() {
		runner("app.dbs.catalog.query-log=true", "app.dbs.catalog.mongo.reactive=true").run((context) -> {
			ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
			template.dropCollection("item").block();
			this.logged.take();
			template.insert(new Document("_id", "s3cr3t").append("price", 1), "item").block();
			assertThat(template.findAll(Document.class, "item").count().block()).isOne();
			assertThat(this.logged.take()).containsExactly(
					"INFO query.catalog duration=* rows=1 query=insert item {ordered: ?, documents: [{_id: ?, price: ?}]}",
					"INFO query.catalog duration=* rows=1 query=find item {filter: {}, batchSize: ?}");
		});
	}

	@Test
	void documentsOfAggregationsAndOfFurtherBatchesAreCounted() {
		runner("app.dbs.catalog.query-log=true").run((context) -> {
			MongoCollection<Document> numbers = template(context).getCollection("number");
			numbers.drop();
			numbers.createIndex(Indexes.ascending("value"));
			numbers.insertMany(List.of(new Document("value", 1), new Document("value", 2), new Document("value", 3)));
			this.logged.take();
			assertThat(numbers.find().batchSize(2)).hasSize(3);
			assertThat(numbers.aggregate(List.of(new Document("$match", new Document("value", new Document("$gt", 1))),
					new Document("$group", new Document("_id", null).append("sum", new Document("$sum", "$value"))))))
				.hasSize(1);
			assertThat(numbers.distinct("value", Integer.class)).hasSize(3);
			assertThat(this.logged.take()).containsExactly(
					"INFO query.catalog duration=* rows=2 query=find number {filter: {}, batchSize: ?}",
					"INFO query.catalog duration=* rows=1 query=getMore number {batchSize: ?} of find number {filter: {}, batchSize: ?}",
					"INFO query.catalog duration=* rows=1 query=aggregate number {pipeline: [{$match: {value: {$gt: ?}}}, {$group: {_id: ?, sum: {$sum: $value}}}]}",
					"INFO query.catalog duration=* rows=3 query=distinct number {key: ?, query: {}}");
		});
	}

	@Test
	void furtherBatchesNameTheCommandThatHasOpenedTheCursor() {
		runner("app.dbs.catalog.query-log=true").run((context) -> {
			MongoCollection<Document> numbers = template(context).getCollection("further");
			numbers.drop();
			numbers.insertMany(IntStream.range(0, 5).mapToObj((i) -> new Document("value", "s3cr3t" + i)).toList());
			this.logged.take();
			assertThat(numbers.find(new Document("value", new Document("$gt", "s3cr3t"))).batchSize(2)).hasSize(5);
			String first = "find further {filter: {value: {$gt: ?}}, batchSize: ?}";
			assertThat(this.logged.take()).containsExactly("INFO query.catalog duration=* rows=2 query=" + first,
					"INFO query.catalog duration=* rows=2 query=getMore further {batchSize: ?} of " + first,
					"INFO query.catalog duration=* rows=1 query=getMore further {batchSize: ?} of " + first);
		});
	}

	@Test
	void whenParametersAreEnabledThenValuesAreLogged() {
		runner("app.dbs.catalog.query-log=true", "app.dbs.catalog.query-log-parameters=true").run((context) -> {
			template(context).find(Query.query(Criteria.where("sku").is("a\nb")), Document.class, "item");
			assertThat(this.logged.take()).containsExactly(
					"INFO query.catalog duration=* rows=0 query=find item {\"filter\": {\"sku\": \"a\\nb\"}}");
		});
	}

	@Test
	void valuesOfMaskedFieldsAreNotLogged() {
		runner("app.dbs.catalog.query-log=true", "app.dbs.catalog.query-log-parameters=true",
				"app.dbs.catalog.query-log-masked=iban, address.zip")
			.run((context) -> {
				template(context).find(
						Query.query(Criteria.where("iban").is("DE1").and("address.zip").is(4711).and("name").is("Ann")),
						Document.class, "item");
				assertThat(this.logged.take()).containsExactly(
						"INFO query.catalog duration=* rows=0 query=find item {\"filter\": {\"iban\": \"******\", \"address.zip\": \"******\", \"name\": \"Ann\"}}");
			});
	}

	@Test
	void failuresAreLoggedWithoutTheirMessage() {
		runner("app.dbs.catalog.query-log=true").run((context) -> {
			MongoTemplate template = template(context);
			template.dropCollection("item");
			template.insert(new Document("_id", "s3cr3t"), "item");
			this.logged.take();
			assertThatExceptionOfType(DuplicateKeyException.class)
				.isThrownBy(() -> template.insert(new Document("_id", "s3cr3t"), "item"));
			catchThrowable(() -> template
				.executeCommand(new Document("unknownToTheServer", "item").append("value", "s3cr3t")));
			List<String> lines = this.logged.take();
			assertThat(lines).hasSize(2);
			assertThat(lines.get(0))
				.endsWith(" failure=WriteError(11000) query=insert item {ordered: ?, documents: [{_id: ?}]}");
			assertThat(lines.get(1)).isEqualTo(
					"INFO query.catalog duration=* failure=MongoCommandException(59) query=unknownToTheServer item {value: ?}");
		});
	}

	@Test
	void commandsThatTheDriverRedactsAreLoggedByNameOnly() {
		runner("app.dbs.catalog.query-log=true", "app.dbs.catalog.query-log-parameters=true").run((context) -> {
			catchThrowable(() -> template(context).executeCommand(
					new Document("createUser", "clerk").append("pwd", "s3cr3t").append("roles", List.of())));
			assertThat(this.logged.take()).singleElement()
				.asString()
				.startsWith("INFO query.catalog duration=* ")
				.endsWith(" query=createUser");
		});
	}

	@Test
	void theNameOfTheTransactionIsLogged() {
		runner("app.dbs.catalog.query-log=true").run((context) -> {
			TransactionSynchronizationManager.setCurrentTransactionName("shop.Catalog.show");
			try {
				template(context).executeCommand(new Document("ping", 1));
			}
			finally {
				TransactionSynchronizationManager.setCurrentTransactionName(null);
			}
			assertThat(this.logged.take())
				.containsExactly("INFO query.catalog duration=* transaction=shop.Catalog.show query=ping");
		});
	}

	@Test
	void slowCommandsAreLoggedAndCounted() {
		runner("app.dbs.catalog.slow-query-threshold=1ms").run((context) -> {
			List<Document> documents = IntStream.range(0, 10_000).mapToObj((i) -> new Document("value", i)).toList();
			context.getBean("catalogMongoClient", MongoClient.class)
				.getDatabase("catalog")
				.getCollection("bulk")
				.insertMany(documents);
			assertThat(this.logged.take()).contains(
					"WARN slow-query.catalog duration=* rows=1000 batch=1000 query=insert bulk {ordered: ?, documents: [{_id: ?, value: ?}]}");
			assertThat(queryLog(context).getSlowCount()).isPositive();
			assertThat(queryLog(context).getSlowNanos()).isPositive();
		});
	}

	@Test
	void commandsBelowTheThresholdAreNeitherLoggedNorCounted() {
		runner("app.dbs.catalog.slow-query-threshold=1h").run((context) -> {
			template(context).executeCommand(new Document("ping", 1));
			assertThat(this.logged.take()).isEmpty();
			assertThat(queryLog(context).getSlowCount()).isZero();
		});
	}

	private static MongoTemplate template(ApplicationContext context) {
		return context.getBean("catalogMongoTemplate", MongoTemplate.class);
	}

	private static QueryLog queryLog(ApplicationContext context) {
		return context.getBean(QueryLogs.class).get(context.getBean(DatabaseLifecycle.class).getDefinition("catalog"));
	}

	private static ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=" + servers.getUrl("embedded:mongodb", "catalog"))
			.withPropertyValues(properties);
	}

}
