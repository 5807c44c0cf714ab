package io.appdbs.mongo.sharding;

import java.util.List;
import java.util.Map;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.IndexOptions;
import de.bwaldvogel.mongo.bson.Document;
import io.appdbs.Databases;
import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.LoggedLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.MongoManagedTypes;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.mapping.Field;
import org.springframework.data.mongodb.core.mapping.Sharded;
import org.springframework.data.mongodb.core.mapping.ShardingStrategy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for shard keys, with a server in this process that answers as a router.
 */
class ShardingPreparationTests {

	private static final String PACKAGE = "io.appdbs.mongo.sharding.ShardingPreparationTests$";

	private final RouterServer server = new RouterServer();

	@AutoClose
	private final LoggedLines lines = new LoggedLines();

	@AfterEach
	void stop() {
		this.server.stop();
	}

	@Test
	void collectionsAreShardedByTheFieldsOfTheirEntities() {
		runner("apply", Person.class, Reading.class, Plain.class, Whole.class).run((context) -> {
			assertThat(this.server.getCommands()).containsExactly(
					"shardCollection catalog.people {\"country\" : 1, \"u\" : 1}",
					"shardCollection catalog.reading {\"s.i\" : \"hashed\"}",
					"shardCollection catalog.whole {\"_id\" : 1}");
			assertThat(report(context)).isEqualTo(Map.of("sharded",
					List.of("catalog.people", "catalog.reading", "catalog.whole"), "missing", List.of()));
			assertThat(this.lines.messages()).contains(
					"The collection 'catalog.people' of database 'catalog' is sharded by {\"country\": 1, \"u\": 1}");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "verify", "apply" })
	void whatIsShardedAlreadyStays(String mode) {
		this.server.addSharded("catalog.people",
				new Document("key", new Document("country", 1.0).append("u", 1L)).append("unique", false));
		runner(mode, Person.class).run((context) -> {
			assertThat(this.server.getCommands()).isEmpty();
			assertThat(report(context)).isEqualTo(Map.of("sharded", List.of("catalog.people"), "missing", List.of()));
		});
	}

	@Test
	void whatIsNotShardedIsAnErrorThatNamesTheCommands() {
		this.server.addSharded("catalog.reading",
				new Document("key", new Document("_id", 1)).append("unsplittable", true));
		this.server.addSharded("catalog.whole", new Document("key", new Document("_id", 1)).append("dropped", true));
		assertFailure(runner("verify", Person.class, Reading.class, Whole.class),
				"""
						Database 'catalog': the collection 'catalog.people' is not sharded, but %1$sPerson has @Sharded with {"country": 1, "u": 1}.
						Database 'catalog': the collection 'catalog.reading' is not sharded, but %1$sReading has @Sharded with {"s.i": "hashed"}.
						Database 'catalog': the collection 'catalog.whole' is not sharded, but %1$sWhole has @Sharded with {"_id": 1}.

						Run sh.shardCollection("catalog.people", {"country": 1, "u": 1}), or set 'app.dbs.catalog.sharding.mode' to 'apply'.
						Run sh.shardCollection("catalog.reading", {"s.i": "hashed"}), or set 'app.dbs.catalog.sharding.mode' to 'apply'.
						Run sh.shardCollection("catalog.whole", {"_id": 1}), or set 'app.dbs.catalog.sharding.mode' to 'apply'."""
					.formatted(PACKAGE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "verify", "apply" })
	void anotherKeyIsAnError(String mode) {
		this.server.addSharded("catalog.people", new Document("key", new Document("u", 1).append("country", 1)));
		assertFailure(runner(mode, Person.class),
				"""
						Database 'catalog': the collection 'catalog.people' is sharded by {"u": 1, "country": 1} in the cluster, but @Sharded of %1$sPerson is {"country": 1, "u": 1}.

						Correct @Sharded of %1$sPerson, or change the cluster, which may take hours: db.adminCommand({ reshardCollection: "catalog.people", key: {"country": 1, "u": 1} })"""
					.formatted(PACKAGE));
	}

	@Test
	void aCollectionWithDocumentsNeedsAnIndex() {
		insert("people", null, false);
		assertFailure(runner("apply", Person.class),
				"""
						Database 'catalog': the collection 'catalog.people' cannot be sharded by {"country": 1, "u": 1}: it has documents, and no index that begins with this key.

						Run db.getSiblingDB("catalog").getCollection("people").createIndex({"country": 1, "u": 1}), or set 'app.dbs.catalog.mongo.indexes.mode' to 'create'.""");
		assertThat(this.server.getCommands()).isEmpty();
	}

	@Test
	void theIndexIsCreatedIfIndexesAre() {
		insert("people", null, false);
		runner("apply", Person.class).withPropertyValues("app.dbs.catalog.mongo.indexes.mode=create")
			.run((context) -> assertThat(this.server.getCommands()).containsExactly(
					"createIndexes people [{\"country\" : 1, \"u\" : 1}]",
					"shardCollection catalog.people {\"country\" : 1, \"u\" : 1}"));
	}

	@Test
	void anIndexThatBeginsWithTheKeyIsUsed() {
		insert("people", new org.bson.Document("country", 1).append("u", 1).append("name", 1), true);
		this.server.getCommands().clear();
		runner("apply", Person.class).run((context) -> assertThat(this.server.getCommands())
			.containsExactly("shardCollection catalog.people {\"country\" : 1, \"u\" : 1}"));
	}

	@Test
	void aUniqueIndexMustBeginWithTheKey() {
		insert("people", new org.bson.Document("name", 1), true);
		assertFailure(runner("apply", Person.class),
				"""
						Database 'catalog': the collection 'catalog.people' cannot be sharded by {"country": 1, "u": 1}: its unique index 'name_1' on {"name": 1} does not begin with this key, and a cluster could not enforce it.

						Replace the index by one that is not unique or begins with the shard key, or choose another shard key.""");
	}

	@Test
	void aHashedKeyExcludesUniqueIndexes() {
		insert("reading", new org.bson.Document("s.i", 1), true);
		assertFailure(runner("apply", Reading.class),
				"""
						Database 'catalog': the collection 'catalog.reading' cannot be sharded by {"s.i": "hashed"}: its unique index 's.i_1' on {"s.i": 1} has another key, and a cluster with a hashed shard key enforces only the uniqueness of _id.

						Replace the index by one that is not unique, or choose another shard key.""");
	}

	@Test
	void aLoginWithoutPrivilegeIsToldTheRole() {
		this.server.fail("shardCollection", 13, "not authorized on catalog to execute command");
		assertFailure(runner("apply", Person.class),
				"""
						Database 'catalog': the collection 'catalog.people' cannot be sharded: the login has no privilege to do it.

						Run sh.shardCollection("catalog.people", {"country": 1, "u": 1}) as a user with the role 'clusterManager', or grant the login this role in 'admin'.""");
	}

	@Test
	void aLoginThatMustNotReadTheKeysIsToldTheRole() {
		this.server.fail("config.find", 13, "not authorized on config to execute command");
		assertFailure(runner("verify", Person.class),
				"""
						Database 'catalog': the shard keys of the cluster cannot be read. The login has no privilege to read 'config.collections'.

						Grant the login the role 'read' in the database 'config', or set 'app.dbs.catalog.sharding.mode' to 'off'.""");
	}

	@Test
	void anotherRefusalIsReportedInTheWordsOfTheServer() {
		this.server.fail("shardCollection", 20, "sharding not enabled for db catalog");
		assertFailure(runner("apply", Person.class),
				"""
						Database 'catalog': the collection 'catalog.people' cannot be sharded by {"country": 1, "u": 1}. The server says: sharding not enabled for db catalog (code 20, Failed).

						Fix the problem described above, or correct @Sharded of %sPerson."""
					.formatted(PACKAGE));
		this.server.fail("config.find", 2, "no.");
		assertFailure(runner("apply", Person.class), """
				Database 'catalog': the shard keys of the cluster cannot be read. The server says: no (code 2, Failed).

				Fix the problem described above, or set 'app.dbs.catalog.sharding.mode' to 'off'.""");
	}

	@Test
	void whileAnotherInstanceShardsACollectionTheDatabaseIsOpenedAgain() {
		this.server.beBusy(2);
		runner("apply", Person.class).run((context) -> {
			assertThat(report(context)).containsEntry("sharded", List.of("catalog.people"));
			assertThat(this.server.getCommands()).hasSize(1);
		});
	}

	@Test
	void severalInstancesShardACollectionOnce() throws Exception {
		ConcurrentTasks.run(4, (index) -> {
			runner("apply", Person.class)
				.run((context) -> assertThat(report(context)).containsEntry("sharded", List.of("catalog.people")));
			return null;
		});
		assertThat(this.server.getCommands()).isNotEmpty()
			.containsOnly("shardCollection catalog.people {\"country\" : 1, \"u\" : 1}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "verify", "apply" })
	void aServerThatIsNoRouterIsAWarning(String mode) {
		this.server.setRouter(false);
		runner(mode, Person.class, Whole.class).run((context) -> {
			assertThat(report(context))
				.isEqualTo(Map.of("sharded", List.of(), "missing", List.of("catalog.people", "catalog.whole")));
			assertThat(this.server.getCommands()).isEmpty();
		});
		assertThat(this.lines.messages())
			.containsOnlyOnce("Database 'catalog' is not a sharded cluster, but 'app.dbs.catalog.sharding.mode' is '"
					+ mode
					+ "'. These collections are not sharded: catalog.people, catalog.whole. A cluster is used through its routers (mongos).");
	}

	@Test
	void embeddedMongoDbIsNoRouter() {
		runner("verify", Person.class).withPropertyValues("app.dbs.catalog.url=embedded:mongodb")
			.run((context) -> assertThat(report(context)).containsEntry("sharded", List.of()));
	}

	@Test
	void withoutAModeNothingIsCompared() {
		runner("off", Person.class).run((context) -> assertThat(findReport(context)).isNull());
		this.server.fail("config.find", 13, "");
		runner("off", Person.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void withoutAnEntityTheModeIsAnError() {
		assertFailure(runner("verify", Plain.class),
				"""
						Database 'catalog': 'app.dbs.catalog.sharding.mode' is 'verify', but no entity of the database has @Sharded.

						Set 'app.dbs.catalog.packages' to the packages of the entities, add @Sharded to one of them, or remove 'app.dbs.catalog.sharding.mode'.""");
	}

	@Test
	void aDefaultIsForDatabasesWithSuchEntities() {
		runner("off", Plain.class)
			.withPropertyValues("app.dbs.catalog.sharding.mode=", "app.dbs-defaults.sharding.mode=verify")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void shardKeysThatCannotWorkAreReportedTogether() {
		assertFailure(runner("verify", Misspelled.class, TwoHashed.class, Changing.class, First.class, Second.class),
				"""
						4 problems in the configuration of databases:

						1. Database 'catalog': %1$sChanging has @Sharded, but its collection is an expression, so that its name is not known.

						2. Database 'catalog': @Sharded of %1$sMisspelled names 'contry', which is no property of it. Known: country, id.

						3. Database 'catalog': %1$sFirst and %1$sSecond are stored in the collection 'shared', but have different shard keys, {"a": 1} and {"b": 1}.

						4. Database 'catalog': @Sharded of %1$sTwoHashed has the strategy HASH and the fields a, b, but MongoDB hashes one field.

						1. Name the collection of %1$sChanging, or remove @Sharded.

						2. Correct the shard key of %1$sMisspelled.

						3. Use the same @Sharded for both, or different collections.

						4. Use one field, or the strategy RANGE. Shard the collection in a migration if only one of the fields is hashed, and remove @Sharded."""
					.formatted(PACKAGE));
	}

	@Test
	void aClientOfTheApplicationIsNotCompared() {
		ApplicationContextRunner runner = runner("verify", Person.class).withBean("own", MongoClient.class,
				() -> MongoClients.create(this.server.getUrl()), (definition) -> ((AbstractBeanDefinition) definition)
					.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "catalog")));
		assertFailure(runner,
				"""
						Database 'catalog': 'app.dbs.catalog.sharding.mode' is verify, but a MongoClient bean of the application replaces the database, and its collections would not be compared.

						Remove the bean, or remove 'app.dbs.catalog.sharding.mode'.""");
	}

	private ApplicationContextRunner runner(String mode, Class<?>... entities) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=" + this.server.getUrl(), "app.dbs.catalog.sharding.mode=" + mode,
					"app.dbs.catalog.mongo.indexes.mode=off")
			.withBean("catalogTypes", MongoManagedTypes.class, () -> MongoManagedTypes.from(entities),
					(definition) -> ((AbstractBeanDefinition) definition)
						.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "catalog")));
	}

	private static void assertFailure(ApplicationContextRunner runner, String text) {
		runner.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(text));
	}

	private static PreparationReport findReport(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog").getSnapshot().preparation("sharding");
	}

	private static Map<String, Object> report(ApplicationContext context) {
		return findReport(context).details();
	}

	/**
	 * Inserts a document, and creates a unique index.
	 */
	private void insert(String collection, org.bson.Document index, boolean unique) {
		runner("off", Plain.class).run((context) -> {
			MongoTemplate template = context.getBean("catalogMongoTemplate", MongoTemplate.class);
			template.insert(new org.bson.Document("name", "a"), collection);
			if (index != null) {
				template.getCollection(collection).createIndex(index, new IndexOptions().unique(unique));
			}
		});
		this.server.getCommands().clear();
	}

	@Sharded(shardKey = { "country", "userId" })
	@org.springframework.data.mongodb.core.mapping.Document("people")
	record Person(@Id String id, String country, @Field("u") String userId) {

	}

	@Sharded(shardKey = "sensor.id", shardingStrategy = ShardingStrategy.HASH)
	@org.springframework.data.mongodb.core.mapping.Document
	record Reading(@Id String id, @Field("s") Sensor sensor) {

	}

	record Sensor(@Field("i") String id) {

	}

	@Sharded
	@org.springframework.data.mongodb.core.mapping.Document
	record Whole(@Id String id) {

	}

	@org.springframework.data.mongodb.core.mapping.Document
	record Plain(@Id String id) {

	}

	@Sharded(shardKey = "contry")
	@org.springframework.data.mongodb.core.mapping.Document
	record Misspelled(@Id String id, String country) {

	}

	@Sharded(shardKey = { "a", "b" }, shardingStrategy = ShardingStrategy.HASH)
	@org.springframework.data.mongodb.core.mapping.Document
	record TwoHashed(@Id String id, String a, String b) {

	}

	@Sharded
	@org.springframework.data.mongodb.core.mapping.Document("#{'changing'}")
	record Changing(@Id String id) {

	}

	@Sharded(shardKey = "a")
	@org.springframework.data.mongodb.core.mapping.Document("shared")
	record First(@Id String id, String a) {

	}

	@Sharded(shardKey = "b")
	@org.springframework.data.mongodb.core.mapping.Document("shared")
	record Second(@Id String id, String b) {

	}

}
