package io.appdbs.mongo.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import io.appdbs.DatabaseState;
import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TestDatabases;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MongoMigrations} that every server passes.
 */
abstract class AbstractMongoMigrationTests extends MigratedMongo {

	private static final String UNDO = "Undo what it did, correct it if necessary, and set 'app.dbs.catalog.mongo.migrations.repair' to true for one start, which then executes it again. ";

	private void createItems() {
		write("V1__create_items.json", "{ create: 'items' }");
	}

	@Test
	void filesAndBeansAreExecutedOnceInTheOrderOfTheirVersions() {
		write("V1__create_items.json", "{ \"create\": \"items\" }",
				"{ createIndexes: 'items', indexes: [ { key: { sku: 1 }, name: 'sku', unique: true } ] }");
		write("V2_1__more.json",
				"{ insert: 'items', documents: [ { _id: 3, sku: 'c', at: { $date: '2026-01-02T03:04:05Z' } } ] }");
		write("later/V10__last.json", "{ update: 'items', updates: [ { q: { _id: 3 }, u: { $set: { sku: 'd' } } } ] }");
		write("R__Views.json", "{ insert: 'views', documents: [ { n: 1 } ] }");
		runner().withBean("prices", V2__Add_prices.class, V2__Add_prices::new, MigratedMongo::qualify)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(report(context)).isEqualTo(Map.of("version", "10", "executed", 5));
				assertThat(context.getBean("catalogMongoTemplate", MongoTemplate.class).findAll(Item.class))
					.extracting(Item::sku)
					.containsExactly("a", "b", "d");
			});
		assertThat(this.logged.messages()).anyMatch(
				(line) -> line.matches("Database 'catalog' was migrated to version 10 by 5 migrations in \\d+ ms"));
		assertThat(versions()).containsExactlyInAnyOrder("1", "2", "2.1", "10", "R__Views");
		assertThat(history().find(Filters.eq("2")).first()).containsEntry("description", "Add prices")
			.containsEntry("type", "BEAN")
			.containsEntry("script", V2__Add_prices.class.getName())
			.containsEntry("checksum", null)
			.containsEntry("success", true)
			.doesNotContainKey("failure")
			.containsKeys("installedOn", "executionTime", "host", "installedBy");
		assertThat(history().find(Filters.eq("10")).first()).containsEntry("type", "JSON")
			.containsEntry("script", "later/V10__last.json");
		write("R__Views.json", "{ insert: 'views', documents: [ { n: 2 } ] }");
		start(with(runner(), "prices", new V2__Add_prices()));
		assertThat(this.database.getCollection("views").countDocuments()).isEqualTo(2);
		with(runner(), "prices", new V2__Add_prices())
			.run((context) -> assertThat(report(context)).isEqualTo(Map.of("version", "10", "executed", 0)));
		assertThat(this.logged.messages())
			.anyMatch((line) -> line.matches("Database 'catalog' is up to date, checked in \\d+ ms"));
	}

	@Test
	void withoutMigrationsNothingIsCreatedOrReported() {
		runner().run((context) -> assertThat(catalog(context).getSnapshot().preparation("migration")).isNull());
		createItems();
		runner("app.dbs.catalog.mongo.migrations.enabled=false")
			.run((context) -> assertThat(catalog(context).getSnapshot().preparation("migration")).isNull());
		assertThat(this.database.listCollectionNames()).isEmpty();
	}

	@Test
	void eightInstancesThatStartAtOnceExecuteEachMigrationOnce() throws Exception {
		createItems();
		for (int i = 2; i <= 4; i++) {
			write("V%d__add.json".formatted(i),
					"{ update: 'items', updates: [ { q: { _id: %d }, u: { $inc: { n: 1 } }, upsert: true } ] }"
						.formatted(i));
		}
		List<Object> executed = ConcurrentTasks.run(8, (index) -> {
			AtomicReference<Object> result = new AtomicReference<>();
			with(runner(), "last", new V5__Last()).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(report(context)).containsEntry("version", "5");
				result.set(report(context).get("executed"));
			});
			return result.get();
		});
		assertThat(executed).filteredOn((count) -> !count.equals(0)).containsExactly(5);
		assertThat(this.database.getCollection("items").find()).extracting((item) -> item.get("n"))
			.containsExactly(1, 1, 1, 1);
		assertThat(versions()).containsExactlyInAnyOrder("1", "2", "3", "4", "5");
	}

	@Test
	void aFailedMigrationIsNotExecutedAgainUntilItIsRepaired() {
		createItems();
		write("V2__fill.json", "{ insert: 'items', documents: [ { _id: 1 } ] }",
				"{ insert: 'items', documents: [ { _id: 2 }, { _id: 1 }, { _id: 3 } ] }");
		String first = FailureText.ofStart(runner());
		assertThat(first).startsWith(
				"Database 'catalog' (MongoDB) could not be migrated: migration 'db/migration/catalog/V2__fill.json' failed at command 2 of 2, 'insert'. The server says: entry 2: ")
			.endsWith(
					"""
							 (code 11000).

							Correct 'db/migration/catalog/V2__fill.json'. MongoDB does not roll back what it did before it failed: undo it, and set 'app.dbs.catalog.mongo.migrations.repair' to true for one start, which then executes it again.""");
		assertThat(FailureText.ofStart(runner())).startsWith(
				"Database 'catalog' (MongoDB) could not be migrated: version 2, 'V2__fill.json', has failed before: failed at command 2 of 2, 'insert'. The server says: entry 2: ")
			.endsWith("(code 11000).\n\n" + UNDO
					+ "If you have completed it manually instead, execute db.appdbs_migrations.updateOne({ _id: \"2\" }, { $set: { success: true } }).");
		assertThat(history().find(Filters.eq("lock"))).isEmpty();
		write("V2__fill.json", "{ insert: 'items', documents: [ { _id: 4 } ] }");
		runner("app.dbs.catalog.mongo.migrations.repair=true")
			.run((context) -> assertThat(report(context)).isEqualTo(Map.of("version", "2", "executed", 1)));
		assertThat(this.logged.messages()).contains(
				"Database 'catalog': removed the failed migration '2' (V2__fill.json) in 'appdbs_migrations'",
				"Database 'catalog': 'app.dbs.catalog.mongo.migrations.repair' is true. Remove it, as each start executes failed migrations again and accepts changed ones");
		start();
	}

	@Test
	void aFailedBeanIsReportedWithItsException() {
		MongoMigration failing = migration("1", "fail", (template) -> {
			throw new IllegalArgumentException("no price");
		});
		assertThat(FailureText.ofStart(with(runner(), "prices", failing))).isEqualTo(
				"""
						Database 'catalog' (MongoDB) could not be migrated: migration bean 'prices' failed. The exception is java.lang.IllegalArgumentException: no price.

						Correct bean 'prices'. MongoDB does not roll back what it did before it failed: undo it, and set 'app.dbs.catalog.mongo.migrations.repair' to true for one start, which then executes it again.""");
		assertThat(history().find().first()).containsEntry("success", false);
	}

	@Test
	void aMigrationThatDidNotFinishIsNotExecutedAgain() {
		createItems();
		history().insertOne(new Document("_id", "1").append("script", "V1__create_items.json")
			.append("host", "app-1 (process 7)")
			.append("installedOn", Date.from(Instant.parse("2026-01-02T03:04:05Z")))
			.append("success", false));
		assertThat(FailureText.ofStart(runner())).isEqualTo(
				"Database 'catalog' (MongoDB) could not be migrated: version 1, 'V1__create_items.json', did not finish: app-1 (process 7) began it at 2026-01-02T03:04:05Z and no longer holds the lock.\n\n"
						+ UNDO
						+ "If you have completed it manually instead, execute db.appdbs_migrations.updateOne({ _id: \"1\" }, { $set: { success: true } }).");
	}

	@Test
	void anUnknownCommandIsReportedWithTheNearestOne() {
		write("V1__create.json", "{ ping: 1 }", "{ crate: 'items' }");
		assertThat(FailureText.ofStart(runner())).startsWith(
				"Database 'catalog' (MongoDB) could not be migrated: migration 'db/migration/catalog/V1__create.json' failed at command 2 of 2, 'crate': the server does not know this command (code 59). Did you mean 'create'?\n\nCorrect ");
	}

	@Test
	void whenExecutedMigrationsDifferThenAllDifferencesAreReported() {
		createItems();
		write("V2__two.json", "{ ping: 1 }").write("V3__three.json", "{ ping: 1 }")
			.write("V5__five.json", "{ ping: 1 }");
		start(with(runner(), "six", migration("6", "six", (template) -> {
		})));
		history().updateMany(Filters.ne("_id", ""),
				Updates.set("installedOn", Date.from(Instant.parse("2026-01-02T03:04:05Z"))));
		write("V2__two.json", "{ ping: 2 }").write("V4__four.json", "{ ping: 1 }").write("V6__six.json", "{ ping: 1 }");
		assertThat(this.folder.resolve("db/migration/catalog/V3__three.json").toFile().delete()).isTrue();
		assertThat(this.folder.resolve("db/migration/catalog/V5__five.json")
			.toFile()
			.renameTo(this.folder.resolve("db/migration/catalog/V5__cinq.json").toFile())).isTrue();
		assertThat(FailureText.ofStart(runner())).matches(
				"(?s)Database 'catalog' \\(MongoDB\\) could not be migrated: version 2, 'V2__two.json', was changed after it had been executed at 2026-01-02T03:04:05Z \\(checksum mismatch\\)\\. "
						+ "version 3, 'V3__three.json', was executed at 2026-01-02T03:04:05Z, but the application does not contain it\\. "
						+ "version 5, 'V5__five.json', was changed after it had been executed at 2026-01-02T03:04:05Z \\(description 'cinq' instead of 'five'\\)\\. "
						+ "version 6, '[^']+', was changed after it had been executed at 2026-01-02T03:04:05Z \\(type JSON instead of BEAN, now 'db/migration/catalog/V6__six.json'\\)\\. "
						+ "version 4 \\('db/migration/catalog/V4__four.json'\\) has not been executed, but is older than version 6, which has\\.\n\n"
						+ "Restore it, and put the change into a new migration\\. If the database is correct, set 'app.dbs.catalog.mongo.migrations.repair' to true for one start, which accepts the change\\.\n"
						+ "Restore it\\. If it is not needed any more, execute db.appdbs_migrations.deleteOne\\(\\{ _id: \"3\" }\\)\\.\n"
						+ "Give it a version above 6, or set 'app.dbs.catalog.mongo.migrations.out-of-order' to true\\.");
		write("V3__three.json", "{ ping: 1 }");
		runner("app.dbs.catalog.mongo.migrations.repair=true", "app.dbs.catalog.mongo.migrations.out-of-order=true")
			.run((context) -> assertThat(report(context)).isEqualTo(Map.of("version", "6", "executed", 1)));
		assertThat(this.logged.messages()).contains(
				"Database 'catalog': accepted the change of migration '2' (V2__two.json) in 'appdbs_migrations'",
				"Database 'catalog': accepted the change of migration '5' (V5__five.json) in 'appdbs_migrations'");
		start();
	}

	@Test
	void whenANewerReleaseHasMigratedThenThatIsLogged() {
		createItems();
		write("V2__two.json", "{ ping: 1 }");
		start();
		assertThat(this.folder.resolve("db/migration/catalog/V2__two.json").toFile().delete()).isTrue();
		runner().run((context) -> assertThat(report(context)).isEqualTo(Map.of("version", "2", "executed", 0)));
		assertThat(this.logged.messages()).contains(
				"Database 'catalog' is at version 2, which the application does not contain: a newer release has migrated it");
	}

	@Test
	void migrationsUpToABaselineAreNotExecuted() {
		createItems();
		write("V2__two.json", "{ create: 'two' }").write("V3__three.json", "{ create: 'three' }");
		history().insertOne(Document.parse("{ _id: '2', type: 'BASELINE' }"));
		runner().run((context) -> assertThat(report(context)).isEqualTo(Map.of("version", "3", "executed", 1)));
		start();
		assertThat(this.database.listCollectionNames()).containsExactlyInAnyOrder(HISTORY, "three");
	}

	@Test
	void whileAnotherInstanceHoldsTheLockTheDatabaseIsNotMigrated() {
		createItems();
		history().updateOne(Filters.eq("lock"),
				Updates.combine(Updates.set("owner", "other"), Updates.set("host", "app-1 (process 7)"),
						Updates.set("term", 600_000L),
						Updates.set("since", Date.from(Instant.parse("2026-01-02T03:04:05Z"))),
						Updates.currentDate("renewedAt")),
				new UpdateOptions().upsert(true));
		String renewed = history().find().first().getDate("renewedAt").toInstant().toString();
		assertThat(FailureText.ofStart(runner("app.dbs.catalog.mongo.migrations.lock-timeout=1s"))).isEqualTo(
				"""
						Database 'catalog' (MongoDB) could not be migrated: the lock was not released within 1 s: 'app-1 (process 7)' has held the lock since 2026-01-02T03:04:05Z, and renewed it last at %s.

						Start again when that instance has finished, or raise 'app.dbs.catalog.mongo.migrations.lock-timeout' if migrations take longer. If that instance does not exist any more, execute db.appdbs_migrations.deleteOne({ _id: "lock" })."""
					.formatted(renewed));
		assertThat(this.logged.messages()).containsOnlyOnce(
				"Database 'catalog': waiting for the lock of migrations, 'app-1 (process 7)' has held the lock since 2026-01-02T03:04:05Z");
		assertThat(versions()).containsExactly("lock");
	}

	@Test
	void theLockOfAnInstanceThatIsGoneExpires() {
		createItems();
		history().updateOne(Filters.eq("lock"),
				Updates.combine(Updates.set("owner", "other"), Updates.set("host", "app-1 (process 7)"),
						Updates.set("term", 1000L), Updates.currentDate("renewedAt")),
				new UpdateOptions().upsert(true));
		start();
		assertThat(versions()).containsExactly("1");
		assertThat(this.logged.messages()).anyMatch((line) -> line.startsWith(
				"Database 'catalog': took over the lock of migrations from 'app-1 (process 7)', which has not renewed it since "));
	}

	@Test
	void aLockThatIsRenewedDoesNotExpire() throws Exception {
		MongoCollection<Document> collection = MigrationHistory.collection(this.database, HISTORY);
		Duration term = Duration.ofMillis(600);
		MigrationLock lock = new MigrationLock("catalog", collection, new MigrationInstance("a", "app-1"), term);
		MigrationLock other = new MigrationLock("catalog", collection, new MigrationInstance("b", "app-2"), term);
		assertThat(lock.tryAcquire()).isNull();
		Date first = collection.find().first().getDate("renewedAt");
		TestDatabases.await(() -> collection.find().first().getDate("renewedAt").getTime() > first.getTime() + 1500);
		assertThat(lock.isHeld()).isTrue();
		assertThat(other.tryAcquire()).extracting(MigrationLock.Holder::host).isEqualTo("'app-1'");
		lock.close();
		assertThat(other.tryAcquire()).isNull();
		assertThat(new MigrationLock("catalog", collection, new MigrationInstance("b", "app-2"), term).tryAcquire())
			.isNull();
		assertThat(TestDatabases.threads("appdbs-migration-lock-catalog")).isNotEmpty();
		other.close();
		TestDatabases.awaitNoThreads("appdbs-migration-lock-catalog");
	}

	@Test
	void whenTheLockIsLostThenTheMigrationStops() {
		MongoMigration losing = migration("1", "lose", (template) -> {
			history().updateOne(Filters.eq("lock"), Updates.set("owner", "other"));
			TestDatabases.awaitNoThreads("appdbs-migration-lock-catalog");
		});
		write("V2__two.json", "{ create: 'two' }");
		ApplicationContextRunner runner = with(runner("app.dbs.catalog.mongo.migrations.lock-timeout=2s"), "losing",
				losing);
		assertThat(FailureText.ofStart(runner)).startsWith(
				"Database 'catalog' (MongoDB) could not be migrated: migration bean 'losing' stopped: the lock was lost, since it could not be renewed, or another instance has taken it.");
		assertThat(versions()).containsExactlyInAnyOrder("lock", "1");
	}

	@Test
	void whenTheApplicationIsClosedThenItStopsWaitingAndMigrating() {
		createItems();
		history().updateOne(Filters.eq("lock"), Updates.combine(Updates.set("owner", "other"),
				Updates.set("term", 600_000L), Updates.currentDate("renewedAt")), new UpdateOptions().upsert(true));
		runner("app.dbs.catalog.required=false")
			.run((context) -> TestDatabases.await(() -> !TestDatabases.threads("appdbs-migration-catalog").isEmpty()));
		TestDatabases.awaitNoThreads("appdbs-");
		history().deleteOne(Filters.eq("lock"));
		MongoMigration endless = migration("2", "endless", (template) -> {
			while (true) {
				template.getCollection("items").countDocuments();
			}
		});
		with(runner("app.dbs.catalog.required=false"), "endless", endless)
			.run((context) -> TestDatabases.await(() -> versions().contains("2")));
		TestDatabases.awaitNoThreads("appdbs-");
		assertThat(versions()).containsExactlyInAnyOrder("1", "2");
		assertThat(history().find(Filters.eq("2")).first()).containsEntry("success", false);
	}

	@Test
	void anInstanceThatWaitsContinuesWhenTheOtherHasMigrated() throws Exception {
		createItems();
		history().updateOne(Filters.eq("lock"), Updates.combine(Updates.set("owner", "other"),
				Updates.set("term", 600_000L), Updates.currentDate("renewedAt")), new UpdateOptions().upsert(true));
		runner("app.dbs.catalog.required=false").run((context) -> {
			TestDatabases.await(() -> !TestDatabases.threads("appdbs-migration-catalog").isEmpty());
			// the lock is still there
			history().insertOne(Document.parse("{ _id: '1', success: true }"));
			TestDatabases.await(() -> catalog(context).getState() == DatabaseState.UP);
			PreparationReport report = catalog(context).getSnapshot().preparation("migration");
			assertThat(report.details()).isEqualTo(Map.of("version", "1", "executed", 0));
		});
	}

	@org.springframework.data.mongodb.core.mapping.Document("items")
	record Item(int id, String sku) {

	}

	static class V2__Add_prices implements MongoMigration {

		@Override
		public void migrate(MongoTemplate template) {
			template.insertAll(List.of(new Item(1, "a"), new Item(2, "b")));
		}

	}

	static class V5__Last implements MongoMigration {

		@Override
		public void migrate(MongoTemplate template) {
			template.getCollection("items")
				.updateOne(Filters.eq(5), Updates.inc("n", 1), new UpdateOptions().upsert(true));
		}

	}

}
