package io.appdbs.mongo;

import java.util.List;

import com.mongodb.MongoCommandException;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.schema.Schema;
import io.appdbs.schema.TableInformation;
import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.schema.TypeFamily;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.data.mongodb.MongoDatabaseFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MongoSchema} as a {@code Database} returns it.
 */
class MongoSchemaTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static String url;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.catalog.url=" + url);

	@BeforeAll
	static void createCollections() {
		url = servers.getUrl("embedded:mongodb", "catalog");
		try (MongoClient client = MongoClients.create(url)) {
			MongoDatabase database = client.getDatabase("catalog");
			database.createCollection("stock");
			database.getCollection("product").insertMany(List.of(new Document("sku", 1), new Document("sku", 2)));
			database.getCollection("product")
				.createIndex(Indexes.ascending("sku", "maker.name"), new IndexOptions().unique(true).name("sku"));
		}
	}

	private static Schema schema(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog").getSchema();
	}

	@Test
	void collectionsFieldsAndIndexesAreFoundByTheirNames() {
		this.runner.run((context) -> {
			Schema schema = schema(context);
			assertThat(schema.getTables()).containsExactly("product", "stock");
			assertThat(schema.hasTable("product")).isTrue();
			assertThat(schema.hasTable("Product")).isFalse();
			assertThat(schema.hasColumn("product", "maker.name")).isTrue();
			assertThat(schema.hasColumn("product", "_id")).isTrue();
			assertThat(schema.hasColumn("product", "price")).isFalse();
			assertThat(schema.hasColumn("basket", "sku")).isFalse();
			assertThat(schema.hasIndex("product", "sku")).isTrue();
			assertThat(schema.hasIndex("product", "sku", "maker.name")).isTrue();
			assertThat(schema.hasIndex("product", "maker.name")).isFalse();
			assertThat(schema.hasIndex("product", "_id")).isTrue();
			assertThat(schema.hasIndex("basket", "sku")).isFalse();
		});
	}

	@Test
	void aCollectionIsDescribed() {
		this.runner.run((context) -> {
			TableInformation product = schema(context).describe("product");
			assertThat(product.name()).isEqualTo("product");
			assertThat(product.columns()).extracting(Column::name).containsExactly("_id", "sku", "maker.name");
			assertThat(product.primaryKey()).containsExactly("_id");
			assertThat(product.indexes()).contains(new Index("sku", List.of("sku", "maker.name"), true, true, false));
			assertThat(product.foreignKeys()).isEmpty();
			assertThat(product.rows()).isEqualTo(2);
		});
	}

	@Test
	void anUnknownCollectionIsRejectedWithSimilarNames() {
		this.runner.run((context) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> schema(context).describe("produkt"))
				.withMessage("Database 'catalog' has no collection 'produkt'. Did you mean 'product'? Known "
						+ "collections: product, stock.");
			assertThatIllegalArgumentException().isThrownBy(() -> schema(context).hasTable("a$b"))
				.withMessage("'a$b' is not the name of a collection, which is not empty and has no '$'.");
			assertThatIllegalArgumentException().isThrownBy(() -> schema(context).hasIndex("product"))
				.withMessage("'columns' must not be empty");
			assertThatIllegalArgumentException().isThrownBy(() -> schema(context).hasColumn("product", " "))
				.withMessage("'column' must not be empty");
		});
	}

	@Test
	void whenTheDatabaseIsDownThenALookUpFailsAtOnce() {
		this.runner
			.withPropertyValues("app.dbs.catalog.url=mongodb://localhost:1/catalog", "app.dbs.catalog.required=false",
					"app.dbs.catalog.pool.connect-timeout=500ms")
			.run((context) -> assertThatExceptionOfType(MongoDatabaseDownException.class)
				.isThrownBy(() -> schema(context).hasTable("product"))
				.withMessageStartingWith("Database 'catalog' is down since "));
	}

	@Test
	void whenABeanOfTheApplicationReplacesTheClientThenItIsAsked() {
		try (MongoClient own = MongoClients.create(url)) {
			OwnMongoClient.instance = own;
			this.runner.withPropertyValues("app.dbs.catalog.url=mongodb://localhost:1/catalog")
				.withUserConfiguration(OwnMongoClient.class)
				.run((context) -> assertThat(schema(context).hasTable("product")).isTrue());
		}
	}

	@Test
	void fieldsAreThoseOfTheValidator() {
		Document collection = Document.parse("""
				{name: 'product', options: {validator: {$jsonSchema: {required: ['sku', 'maker'], properties: {
				sku: {bsonType: 'string'}, price: {bsonType: ['decimal', 'null']}, sold: {bsonType: 'date'},
				any: {}, mixed: {type: ['string', 'boolean']}, image: {bsonType: 'binData'}, on: {type: 'boolean'},
				maker: {bsonType: 'object', required: ['name'], properties: {name: {bsonType: 'string'}}}}}}}}""");
		assertThat(CollectionFields.read(collection).values()).containsExactly(
				new Column("sku", "string", TypeFamily.TEXT, false, null),
				new Column("price", "decimal or null", TypeFamily.NUMBER, true, null),
				new Column("sold", "date", TypeFamily.TIMESTAMP, true, null),
				new Column("any", "any", null, true, null), new Column("mixed", "string or boolean", null, true, null),
				new Column("image", "binData", TypeFamily.BINARY, true, null),
				new Column("on", "boolean", TypeFamily.BOOLEAN, true, null),
				new Column("maker", "object", null, false, null),
				new Column("maker.name", "string", TypeFamily.TEXT, false, null));
		assertThat(CollectionFields.read(new Document("name", "product"))).isEmpty();
	}

	@Test
	void exceptionsAreTranslated() {
		MongoDatabaseFactory factory = mock(RETURNS_DEEP_STUBS);
		MongoCommandException failure = new MongoCommandException(BsonDocument.parse("{ok: 0, code: 13}"),
				new ServerAddress());
		DataAccessException translated = new PermissionDeniedDataAccessException("denied", failure);
		given(factory.getMongoDatabase().listCollectionNames()).willThrow(failure);
		given(factory.getExceptionTranslator().translateExceptionIfPossible(failure)).willReturn(translated);
		assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
			.isThrownBy(() -> new MongoSchema("catalog", () -> factory).getTables())
			.isSameAs(translated);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMongoClient {

		private static MongoClient instance;

		@Bean(destroyMethod = "")
		@Qualifier("catalog")
		MongoClient mine() {
			return instance;
		}

	}

}
