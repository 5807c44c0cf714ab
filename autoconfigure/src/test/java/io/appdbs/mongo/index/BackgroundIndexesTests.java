package io.appdbs.mongo.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.exception.MongoServerError;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.index.CompoundIndex;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.mapping.Sharded;
import org.springframework.data.mongodb.core.mapping.ShardingStrategy;
import org.springframework.data.mongodb.core.mapping.TimeSeries;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BackgroundIndexes} and the order of commands.
 */
class BackgroundIndexesTests {

	private static final MongoServerError UNAUTHORIZED = new MongoServerError(13, "Unauthorized",
			"not authorized on catalog to execute command");

	private final RecordingServer server = new RecordingServer();

	@AfterEach
	void stop() {
		this.server.stop();
		TestDatabases.awaitNoThreads("appdbs-indexes");
	}

	private ApplicationContextRunner creating(Class<?>... entities) {
		return IndexApplication.creating(this.server.getUrl(), entities);
	}

	private void insert(String... collections) {
		try (MongoClient client = MongoClients.create(this.server.getUrl())) {
			for (String collection : collections) {
				client.getDatabase("catalog").getCollection(collection).insertOne(new org.bson.Document("name", "a"));
			}
		}
	}

	private static void awaitReport(ApplicationContext context, String report) {
		TestDatabases.await(() -> IndexApplication.report(context).toString().equals(report));
	}

	@Test
	void theDatabaseIsUpBeforeTheIndexOfACollectionWithDocumentsIsCreated() {
		insert("big");
		this.server.hold("createIndexes big");
		creating(Big.class, Small.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(state(context)).isEqualTo(DatabaseState.UP);
			TestDatabases.await(() -> this.server.getCommands().contains("createIndexes big"));
			assertThat(IndexApplication.report(context)).hasToString(
					"{same=1, building=[{index=big.name, should={name: 1} unique}, {index=big.price, should={price: 1}}]}");
			assertThat(this.server.getCommands()).containsExactly("listIndexes big", "listIndexes small", "find big",
					"find big", "find small", "createIndexes small", "listIndexes big", "listIndexes small",
					"createIndexes big");
			context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Small());
			this.server.release("createIndexes big");
			awaitReport(context, "{same=3}");
			assertThat(this.server.getCommands()).filteredOn("createIndexes big"::equals).hasSize(2);
		});
	}

	@Test
	void theDatabaseWaitsForAllIndexesIfItIsTold() {
		insert("big");
		try (LoggedLines lines = new LoggedLines()) {
			creating(Big.class, Small.class).withPropertyValues("app.dbs.catalog.mongo.indexes.await=true")
				.run((context) -> {
					assertThat(IndexApplication.report(context)).hasToString("{same=3}");
					assertThat(this.server.getCommands()).filteredOn((command) -> command.startsWith("createIndexes"))
						.containsExactly("createIndexes big", "createIndexes big", "createIndexes small");
				});
			assertThat(lines.messages()).startsWith(
					"Creating 3 indexes of database 'catalog' before it is up: big.name, big.price, small.name",
					"Created 3 indexes of database 'catalog': big.name, big.price, small.name");
		}
	}

	@Test
	void anIndexThatAnotherInstanceIsCreatingIsNotTheSameYet() {
		insert("big");
		creating(Big.class).run((context) -> awaitReport(context, "{same=2}"));
		this.server.build("big", "price");
		try (LoggedLines lines = new LoggedLines()) {
			IndexApplication.runner(this.server.getUrl(), Big.class)
				.run((context) -> assertThat(IndexApplication.report(context))
					.hasToString("{same=1, building=[{index=big.price}]}"));
			assertThat(lines.messages()).singleElement().asString().contains(" is UP after ");
		}
	}

	@Test
	void whenAnotherInstanceCreatesTheSameIndexThenItIsTriedAgain() {
		this.server.fail("createIndexes small", new MongoServerError(264, "IndexBuildAlreadyInProgress", "busy"));
		try (LoggedLines lines = new LoggedLines()) {
			creating(Small.class).run((context) -> {
				assertThat(IndexApplication.report(context))
					.hasToString("{same=0, building=[{index=small.name, should={name: 1}}]}");
				this.server.fail("createIndexes small", null);
				awaitReport(context, "{same=1}");
			});
			assertThat(lines.messages()).filteredOn((line) -> line.contains("could not")).isEmpty();
		}
	}

	@Test
	void withoutThePrivilegeToCreateIndexesTheDatabaseIsUpAndTheFailureIsLoggedOnce() {
		this.server.fail("createIndexes small", UNAUTHORIZED);
		try (LoggedLines lines = new LoggedLines()) {
			creating(Small.class).run((context) -> {
				assertThat(state(context)).isEqualTo(DatabaseState.UP);
				assertThat(IndexApplication.report(context)).hasToString(
						"{same=0, failed=[{index=small.name, should={name: 1}, reason=the login has no privilege to create indexes}]}");
			});
			assertThat(lines.messages()).hasSize(2)
				.startsWith(
						"The index small.name {name: 1} of database 'catalog' could not be created: the login has no privilege to create indexes.");
		}
	}

	@Test
	void withoutThePrivilegeToListIndexesTheOtherCollectionsAreCompared() {
		this.server.fail("listIndexes small", UNAUTHORIZED);
		try (LoggedLines lines = new LoggedLines()) {
			creating(Small.class, Big.class).run((context) -> {
				assertThat(state(context)).isEqualTo(DatabaseState.UP);
				assertThat(IndexApplication.report(context))
					.hasToString("{same=2, notChecked=[small: the login has no privilege to list its indexes]}");
			});
			assertThat(lines.messages()).contains(
					"Indexes of database 'catalog' could not be compared with those of its entities: small: the login has no privilege to list its indexes.");
		}
	}

	@Test
	void aViewHasNoIndexes() {
		MongoServerError view = new MongoServerError(166, "CommandNotSupportedOnView", "it is a view");
		this.server.fail("listIndexes small", view);
		this.server.fail("listIndexes order", view);
		try (LoggedLines lines = new LoggedLines()) {
			creating(Small.class, Order.class).run((context) -> assertThat(IndexApplication.report(context))
				.hasToString("{same=0, notChecked=[small: it is a view, which has no indexes]}"));
			assertThat(lines.messages()).contains(
					"Indexes of database 'catalog' could not be compared with those of its entities: small: it is a view, which has no indexes.");
		}
	}

	@Test
	void entitiesThatAreUsedLaterAreComparedAndTheirIndexesAreCreated() {
		creating(Small.class).run((context) -> {
			assertThat(IndexApplication.report(context)).hasToString("{same=1}");
			context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Big());
			awaitReport(context, "{same=3}");
		});
	}

	@Test
	void entitiesThatAreUsedLaterAreReportedEvenIfNoneWasKnownInAdvance() {
		try (LoggedLines lines = new LoggedLines()) {
			IndexApplication.runner(this.server.getUrl()).run((context) -> {
				Databases databases = context.getBean(Databases.class);
				assertThat(databases.get("catalog").getSnapshot().preparation("indexes")).isNull();
				lines.clear();
				context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Wrong());
				TestDatabases.await(() -> databases.get("catalog").getSnapshot().preparation("indexes") != null);
				assertThat(IndexApplication.report(context).get("notChecked")).isEqualTo(List.of(WRONG));
				assertThat(lines.messages()).containsExactly(
						"Indexes of database 'catalog' could not be compared with those of its entities: " + WRONG);
			});
		}
	}

	private static final String WRONG = "io.appdbs.mongo.index.BackgroundIndexesTests$Wrong declares the index 'number' of the collection 'wrong' as {number: hashed} unique, which MongoDB refuses: a hashed index cannot be unique.";

	@Test
	void theReportIsNotLoggedAgainIfTheDatabaseIsOpenedAgain() {
		try (LoggedLines lines = new LoggedLines()) {
			IndexApplication.runner(this.server.getUrl(), Small.class)
				.withPropertyValues("app.dbs.catalog.required=false", "app.dbs.catalog.health.interval=100ms",
						"app.dbs.catalog.health.timeout=100ms", "app.dbs.catalog.startup.required-collections=late")
				.run((context) -> {
					TestDatabases.await(() -> this.server.getCommands().size() > 2);
					insert("late");
					TestDatabases.await(() -> state(context) == DatabaseState.UP);
					assertThat(IndexApplication.report(context)).containsKey("missing");
				});
			assertThat(lines.messages()).filteredOn((line) -> line.startsWith("Indexes of database")).hasSize(1);
		}
	}

	@Test
	void closingDoesNotWaitUntilTheServerHasCreatedAnIndex() {
		insert("big");
		this.server.hold("createIndexes big");
		List<String> threads = new ArrayList<>();
		try (LoggedLines lines = new LoggedLines()) {
			creating(Big.class).run((context) -> {
				TestDatabases.await(() -> this.server.getCommands().contains("createIndexes big"));
				threads.addAll(TestDatabases.threads("appdbs-indexes"));
			});
			assertThat(lines.messages()).contains(
					"The server is still creating an index of database 'catalog', and may go on after the application is closed");
		}
		assertThat(threads).hasSize(1);
	}

	@Test
	void nothingIsDoneIfTheModeIsOff() {
		IndexApplication.runner(this.server.getUrl(), Small.class)
			.withPropertyValues("app.dbs.catalog.mongo.indexes.mode=off")
			.run((context) -> {
				assertThat(context.getBean(Databases.class).get("catalog").getSnapshot().preparations()).isEmpty();
				assertThat(this.server.getCommands()).isEmpty();
			});
	}

	@Test
	void anExpressionInTheNameOfACollectionIsNotEvaluated() {
		IndexApplication.runner(this.server.getUrl(), Tenant.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Databases.class).get("catalog").getSnapshot().preparations()).isEmpty();
		});
	}

	@Test
	void aCollectionOfTimeSeriesIsNotCreatedByItsIndexes() {
		creating(Reading.class).run((context) -> {
			assertThat(IndexApplication.report(context))
				.hasToString("{same=0, missing=[{index=reading.value, should={value: 1}}]}");
			assertThat(this.server.getCommands()).noneMatch((command) -> command.startsWith("createIndexes"));
			context.getBean("catalogMongoTemplate", MongoTemplate.class).createCollection("reading");
		});
		try (MongoClient client = MongoClients.create(this.server.getUrl())) {
			client.getDatabase("catalog")
				.getCollection("reading")
				.createIndex(new org.bson.Document("sensor", 1).append("at", 1));
		}
		creating(Reading.class).run((context) -> assertThat(IndexApplication.report(context)).hasToString("{same=1}"));
	}

	@Test
	void indexesThatTheServerNeedsAreNotExtra() {
		try (MongoClient client = MongoClients.create(this.server.getUrl())) {
			for (org.bson.Document keys : List.of(new org.bson.Document("customer", "hashed"),
					new org.bson.Document("__safeContent__", 1), new org.bson.Document("_id", "hashed"))) {
				client.getDatabase("catalog").getCollection("order").createIndex(keys);
			}
		}
		creating(Order.class).run((context) -> assertThat(IndexApplication.report(context)).hasToString("{same=0}"));
	}

	private static DatabaseState state(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog").getState();
	}

	/**
	 * An entity.
	 */
	@Document
	static class Big {

		String id;

		@Indexed(unique = true)
		String name;

		@Indexed
		Long price;

	}

	/**
	 * Another entity.
	 */
	@Document
	static class Small {

		String id;

		@Indexed
		String name;

	}

	/**
	 * An entity whose index is refused.
	 */
	@Document
	@CompoundIndex(name = "number", def = "{'number': 'hashed'}", unique = true)
	static class Wrong {

		String id;

		String number;

	}

	/**
	 * A time series.
	 */
	@TimeSeries(timeField = "at", metaField = "sensor")
	static class Reading {

		String id;

		Instant at;

		String sensor;

		@Indexed
		Long value;

	}

	/**
	 * A sharded entity.
	 */
	@Document
	@Sharded(shardKey = "customer", shardingStrategy = ShardingStrategy.HASH)
	static class Order {

		String id;

		String customer;

	}

	/**
	 * An entity with a collection for each tenant.
	 */
	@Document("#{@tenants.current()}")
	static class Tenant {

		String id;

		@Indexed
		String name;

	}

}
