package io.appdbs.mongo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.mongodb.MongoCommandException;
import com.mongodb.ServerAddress;
import com.mongodb.client.ListIndexesIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.testsupport.TestDatabases;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequiredCollections} and {@link CollectionIndexes}.
 */
class RequiredCollectionsTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static String url;

	@BeforeAll
	static void createCollections() {
		url = servers.getUrl("embedded:mongodb", "catalog");
		try (MongoClient client = MongoClients.create(url)) {
			MongoDatabase database = client.getDatabase("catalog");
			database.createCollection("stock");
			database.getCollection("product.archive").insertOne(new Document("sku", 1));
			database.getCollection("product")
				.createIndex(Indexes.ascending("sku"), new IndexOptions().unique(true).name("sku"));
			database.getCollection("product")
				.createIndex(Indexes.compoundIndex(Indexes.descending("category"), Indexes.ascending("price")));
			database.getCollection("product").createIndex(Indexes.ascending("maker.name"));
			database.getCollection("product")
				.createIndex(Indexes.ascending("ean"), new IndexOptions().unique(true).sparse(true));
		}
	}

	private static ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url)
			.withPropertyValues(properties);
	}

	private static String startup(String key, int index, String value) {
		return "app.dbs.orders.startup.%s[%d]=%s".formatted(key, index, value);
	}

	private static String[] startup(String key, String... values) {
		return Stream.iterate(0, (i) -> i < values.length, (i) -> i + 1)
			.map((i) -> startup(key, i, values[i]))
			.toArray(String[]::new);
	}

	@Test
	void whenEverythingIsThereThenItIsReported() {
		runner(startup("required-indexes", "product(sku) unique", "product(category)", "product(category, price)",
				"product(maker.name)", "product(_id) unique", "stock(_id)"))
			.withPropertyValues("app.dbs.orders.startup.required-collections=product, stock, product.archive")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				DatabaseSnapshot snapshot = TestDatabases.orders(context).getSnapshot();
				assertThat(snapshot.preparations()).singleElement().satisfies((report) -> {
					assertThat(report.name()).isEqualTo("required-collections");
					assertThat(report.details()).containsEntry("collections",
							List.of("product", "stock", "product.archive"));
					assertThat(report.details()).containsKey("indexes");
				});
			});
	}

	@Test
	void whenNothingIsRequiredThenNothingIsReported() {
		runner().run((context) -> assertThat(TestDatabases.orders(context).getSnapshot().preparations()).isEmpty());
	}

	@Test
	void whenCollectionsAndIndexesAreMissingThenAllAreListedAtOnce() {
		String address = url.replaceFirst(".*//", "").replaceFirst("\\?.*", "");
		runner(startup("required-indexes", "product(price)", "product(category) unique", "product(ean)", "basket(sku)",
				"stock(sku)"))
			.withPropertyValues("app.dbs.orders.startup.required-collections=product, Product, price")
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database 'orders' (MongoDB at %s) lacks the required collections: Product, price; the required indexes: product(price), product(category) unique (category_-1_price_1 is not unique), product(ean) (ean_1 is partial), basket(sku) (there is no such collection), stock(sku).

							Create or change them, preferably in a migration of the database, or correct 'app.dbs.orders.startup.required-collections' and 'app.dbs.orders.startup.required-indexes'."""
						.formatted(address)));
	}

	@Test
	void whenAnOptionalDatabaseLacksACollectionThenItComesUpWhenTheCollectionIsThere() {
		runner("app.dbs.orders.required=false", "app.dbs.orders.health.interval=100ms",
				"app.dbs.orders.health.timeout=100ms", "app.dbs.orders.startup.required-collections=late")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
				assertThat(TestDatabases.orders(context).getSnapshot().outage().reason())
					.contains("lacks the required collections: late.");
				try (MongoClient client = MongoClients.create(url)) {
					client.getDatabase("catalog").createCollection("late");
				}
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
			});
	}

	@Test
	void hiddenAndPartialIndexesAreMarked() {
		assertThat(read(new Document("name", "a").append("key", new Document("a", "text")).append("hidden", true),
				new Document("name", "b").append("key", new Document("b.c", 1))
					.append("partialFilterExpression", new Document("b", 1))))
			.containsExactly(new Index("a", List.of("a"), false, false, false),
					new Index("b", List.of("b.c"), false, true, true));
	}

	@Test
	void aViewHasNoIndexes() {
		assertThat(CollectionIndexes.read(failing(166), "view")).isEmpty();
		assertThatExceptionOfType(MongoCommandException.class)
			.isThrownBy(() -> CollectionIndexes.read(failing(13), "secret"));
	}

	@SuppressWarnings("unchecked")
	private static List<Index> read(Document... indexes) {
		MongoDatabase database = mock(RETURNS_DEEP_STUBS);
		ListIndexesIterable<Document> iterable = mock();
		given(database.getCollection("product").listIndexes()).willReturn(iterable);
		given(iterable.into(any())).willReturn(new ArrayList<>(List.of(indexes)));
		return CollectionIndexes.read(database, "product");
	}

	private static MongoDatabase failing(int code) {
		MongoDatabase database = mock(RETURNS_DEEP_STUBS);
		given(database.getCollection(any()).listIndexes()).willThrow(new MongoCommandException(
				BsonDocument.parse("{ok: 0, code: %d}".formatted(code)), new ServerAddress()));
		return database;
	}

}
