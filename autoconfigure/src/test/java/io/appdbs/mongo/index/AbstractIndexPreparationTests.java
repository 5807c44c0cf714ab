package io.appdbs.mongo.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.TestDatabases;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.index.Indexed;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IndexPreparation} on a server.
 */
abstract class AbstractIndexPreparationTests {

	private static final List<String> ARTICLE = List.of("_id_", "category_price", "Article_TextIndex", "sku", "code",
			"place", "seen", "ean", "brand", "maker");

	private static final Map<String, Object> DRIFT = entry("same", 2, "missing",
			List.of(entry("index", "articles.maker", "should", "{maker: 1}")), "different",
			List.of(entry("index", "articles.category_price", "is", "{category: 1}", "should",
					"{category: 1, price: -1}"),
					entry("index", "articles.Article_TextIndex", "is", "{$text: {body: 3, title: 2}}", "should",
							"{$text: {body: 1, title: 2}}"),
					entry("index", "articles.code", "is", "unique: false", "should", "unique: true", "unique", true),
					entry("index", "articles.seen", "is", "expireAfterSeconds: 60", "should",
							"expireAfterSeconds: 2592000"),
					entry("index", "articles.ean", "is", "sparse: false", "should", "sparse: true"),
					entry("index", "articles.brand", "is", "partialFilterExpression: {price: {$gt: 20}}", "should",
							"partialFilterExpression: {price: {$gt: 10}}")),
			"extra", List.of(entry("index", "articles.old_1", "is", "{old: 1}")));

	/**
	 * Returns the URL of a database that does not exist.
	 */
	abstract String getUrl();

	private static void run(String url, Consumer<MongoDatabase> action) {
		try (MongoClient client = MongoClients.create(url)) {
			action.accept(client.getDatabase(url.replaceFirst(".*/", "").replaceFirst("\\?.*", "")));
		}
	}

	private static List<String> names(MongoCollection<Document> collection) {
		return collection.listIndexes().map((index) -> index.getString("name")).into(new ArrayList<>());
	}

	private static Map<String, Object> entry(Object... keysAndValues) {
		Map<String, Object> entry = new LinkedHashMap<>();
		for (int i = 0; i < keysAndValues.length; i += 2) {
			entry.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
		}
		return entry;
	}

	@Test
	void whenIndexesAreMissingThenTheyAreReportedAndTheUniqueOnesAreAWarningOfTheirOwn() {
		String url = getUrl();
		try (LoggedLines lines = new LoggedLines()) {
			IndexApplication.runner(url, Article.class).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(IndexApplication.report(context)).isEqualTo(entry("same", 0, "missing",
						List.of(entry("index", "articles.category_price", "should", "{category: 1, price: -1}"),
								entry("index", "articles.Article_TextIndex", "should", "{$text: {body: 1, title: 2}}"),
								entry("index", "articles.sku", "should", "{sku: 1} unique", "unique", true),
								entry("index", "articles.code", "should", "{code: 1} unique", "unique", true),
								entry("index", "articles.place", "should", "{place: 2dsphere}"),
								entry("index", "articles.seen", "should", "{seen: 1} expireAfterSeconds: 2592000"),
								entry("index", "articles.ean", "should", "{ean: 1} sparse"),
								entry("index", "articles.brand", "should",
										"{brand: 1} partialFilterExpression: {price: {$gt: 10}}"),
								entry("index", "articles.maker", "should", "{maker: 1}"))));
			});
			assertThat(lines.messages()).hasSize(3)
				.startsWith(
						"Database 'catalog' lacks unique indexes that its entities declare, so the server accepts duplicates: articles.sku {sku: 1} unique, articles.code {code: 1} unique. Create them in a migration, or set 'app.dbs.catalog.mongo.indexes.mode' to 'create'.",
						"Indexes of database 'catalog' differ from those of its entities: missing articles.category_price {category: 1, price: -1}, articles.Article_TextIndex {$text: {body: 1, title: 2}}, articles.place {place: 2dsphere}, articles.seen {seen: 1} expireAfterSeconds: 2592000, articles.ean {ean: 1} sparse, articles.brand {brand: 1} partialFilterExpression: {price: {$gt: 10}}, articles.maker {maker: 1}.");
		}
		run(url, (database) -> assertThat(database.listCollectionNames().into(new ArrayList<>())).isEmpty());
	}

	@Test
	void indexesOfCollectionsWithoutDocumentsAreCreatedBeforeTheDatabaseIsUp() {
		String url = getUrl();
		try (LoggedLines lines = new LoggedLines()) {
			IndexApplication.creating(url, Article.class).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(IndexApplication.report(context)).isEqualTo(entry("same", 9));
			});
			assertThat(lines.messages().get(0)).isEqualTo(
					"Created 9 indexes of database 'catalog': articles.category_price, articles.Article_TextIndex, articles.sku, articles.code, articles.place, articles.seen, articles.ean, articles.brand, articles.maker");
			lines.clear();
			IndexApplication.runner(url, Article.class)
				.run((context) -> assertThat(IndexApplication.report(context)).isEqualTo(entry("same", 9)));
			assertThat(lines.messages()).singleElement().asString().contains(" is UP after ");
		}
		run(url, (database) -> assertThat(names(database.getCollection("articles")))
			.containsExactlyElementsOf(ARTICLE));
	}

	@Test
	void driftOfEveryKindIsReportedExactly() {
		String url = getUrl();
		IndexApplication.creating(url, Article.class).run((context) -> assertThat(context).hasNotFailed());
		run(url, (database) -> change(database.getCollection("articles")));
		try (LoggedLines lines = new LoggedLines()) {
			IndexApplication.runner(url, Article.class)
				.run((context) -> assertThat(IndexApplication.report(context)).isEqualTo(DRIFT));
			assertThat(lines.messages()).hasSize(3)
				.startsWith(
						"Database 'catalog' lacks unique indexes that its entities declare, so the server accepts duplicates: articles.code (is unique: false, should be unique: true). Create them in a migration.",
						"Indexes of database 'catalog' differ from those of its entities: missing articles.maker {maker: 1}; different articles.category_price (is {category: 1}, should be {category: 1, price: -1}), articles.Article_TextIndex (is {$text: {body: 3, title: 2}}, should be {$text: {body: 1, title: 2}}), articles.seen (is expireAfterSeconds: 60, should be expireAfterSeconds: 2592000), articles.ean (is sparse: false, should be sparse: true), articles.brand (is partialFilterExpression: {price: {$gt: 20}}, should be partialFilterExpression: {price: {$gt: 10}}); not declared articles.old_1 {old: 1}.");
		}
		IndexApplication.creating(url, Article.class).run((context) -> {
			Map<String, Object> drift = new LinkedHashMap<>(DRIFT);
			drift.put("same", 3);
			drift.remove("missing");
			assertThat(IndexApplication.report(context)).isEqualTo(drift);
		});
		run(url, (database) -> assertThat(names(database.getCollection("articles"))).contains("old_1", "location")
			.doesNotContain("place"));
	}

	/**
	 * Drops the index of the maker, and gives that of the place another name.
	 */
	private static void change(MongoCollection<Document> articles) {
		List.of("category_price", "Article_TextIndex", "code", "seen", "ean", "brand", "place", "maker")
			.forEach(articles::dropIndex);
		articles.createIndex(Indexes.ascending("category"), new IndexOptions().name("category_price"));
		articles.createIndex(Indexes.compoundIndex(Indexes.text("title"), Indexes.text("body")),
				new IndexOptions().name("Article_TextIndex").weights(new Document("title", 2).append("body", 3)));
		articles.createIndex(Indexes.ascending("code"), new IndexOptions().name("code"));
		articles.createIndex(Indexes.ascending("seen"),
				new IndexOptions().name("seen").expireAfter(60L, TimeUnit.SECONDS));
		articles.createIndex(Indexes.ascending("ean"), new IndexOptions().name("ean"));
		articles.createIndex(Indexes.ascending("brand"),
				new IndexOptions().name("brand").partialFilterExpression(Document.parse("{price: {$gt: 20}}")));
		articles.createIndex(Indexes.geo2dsphere("place"), new IndexOptions().name("location"));
		articles.createIndex(Indexes.ascending("old"));
	}

	@Test
	void whenAUniqueIndexCannotBeCreatedThenTheOthersAreCreated() {
		String url = getUrl();
		run(url, (database) -> database.getCollection("member")
			.insertMany(List.of(new Document("email", "a@example.com").append("name", "Ann"),
					new Document("email", "a@example.com").append("name", "Bob"))));
		try (LoggedLines lines = new LoggedLines()) {
			IndexApplication.creating(url, Member.class).run((context) -> {
				assertThat(context).hasNotFailed();
				awaitCreation(context);
				assertThat(IndexApplication.report(context)).containsEntry("same", 1)
					.containsOnlyKeys("same", "failed");
				assertThat(IndexApplication.report(context).get("failed")).asString()
					.startsWith("[{index=member.email, should={email: 1} unique, unique=true, reason=")
					.contains("uplicate", "(code 11000")
					.doesNotContain("example.com");
			});
			assertThat(lines.messages()).contains(
					"Creating 2 indexes of database 'catalog' in the background: member.email, member.name",
					"Created 1 index of database 'catalog': member.name");
			assertThat(lines.messages()).filteredOn((line) -> line.contains("could not be created"))
				.singleElement()
				.asString()
				.startsWith(
						"The index member.email {email: 1} unique of database 'catalog' could not be created, so the server accepts duplicates: ");
		}
	}

	@Test
	void severalInstancesThatStartAtOnceCreateEachIndex() throws Exception {
		String url = getUrl();
		run(url, (database) -> database.getCollection("member").insertOne(new Document("email", "a@example.com")));
		try (LoggedLines lines = new LoggedLines()) {
			ConcurrentTasks.run(4, (index) -> {
				IndexApplication.creating(url, Article.class, Member.class).run((context) -> {
					assertThat(context).hasNotFailed();
					awaitCreation(context);
					assertThat(IndexApplication.report(context)).isEqualTo(entry("same", 11));
				});
				return index;
			});
			assertThat(lines.messages()).filteredOn((line) -> line.contains("could not")).isEmpty();
		}
		run(url, (database) -> {
			assertThat(names(database.getCollection("articles"))).containsExactlyInAnyOrderElementsOf(ARTICLE);
			assertThat(names(database.getCollection("member"))).containsExactlyInAnyOrder("_id_", "email", "name");
		});
	}

	private static void awaitCreation(ApplicationContext context) {
		TestDatabases.await(() -> !IndexApplication.report(context).containsKey("building"));
	}

	/**
	 * An entity with a collection that has documents.
	 */
	@org.springframework.data.mongodb.core.mapping.Document
	static class Member {

		String id;

		@Indexed(unique = true)
		String email;

		@Indexed
		String name;

		Member(String email) {
			this.email = email;
		}

	}

}
