package io.appdbs.mongo.migration;

import java.util.Map;

import com.mongodb.client.MongoDatabase;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.testsupport.MigrationFolder;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for the files of {@link MongoMigrations}.
 */
class MongoMigrationFileTests extends EmbeddedMigratedMongo {

	@Test
	void whenAPendingFileIsNotJsonThenNothingIsExecuted() {
		write("V1__create.json", "{ create: 'items' }");
		this.migrations.write("catalog/V2__fill.json", "{\n  \"insert\" \"items\"\n}");
		assertThat(FailureText.ofStart(runner())).isEqualTo(
				"""
						Database 'catalog' (MongoDB) could not be migrated: 'db/migration/catalog/V2__fill.json' is not valid JSON at line 2, column 12: JSON reader was expecting ':' but found 'items'.

						Correct the file.""");
		assertThat(this.database.listCollectionNames()).doesNotContain("items");
		this.migrations.write("catalog/V2__fill.json", "{ \"insert\": \"items\", \"documents\": [ {} ] }");
		start();
	}

	@Test
	void filesWithOtherNamesAreReportedWithTheNearestValidName() {
		write("v1_create.json", "{ create: 'items' }").write("sub/V2__fill.js", "").write("V3__x.sql", "");
		this.migrations.write("catalog/README.md", "").write("catalog/V4__Bean.class", "");
		assertThat(FailureText.ofStart(runner())).isEqualTo(
				"""
						Database 'catalog' (MongoDB) could not be migrated: these names are not names of migrations: 'db/migration/catalog/V3__x.sql' (did you mean 'V3__x.json'?), 'db/migration/catalog/sub/V2__fill.js' (did you mean 'V2__fill.json'?), 'db/migration/catalog/v1_create.json' (did you mean 'V1__create.json'?).

						Rename the files, or move them to another folder. A migration is 'V<version>__<description>.json' or 'R__<description>.json', with two underscores, and contains commands as JSON. SQL and JavaScript are not executed.""");
	}

	@Test
	void whenTwoMigrationsHaveTheSameVersionThenBothAreNamed() {
		write("V1__create.json", "{ create: 'items' }").write("more/V1_0__other.json", "{ create: 'other' }");
		assertThat(FailureText.ofStart(runner())).isEqualTo(
				"""
						Database 'catalog' (MongoDB) could not be migrated: 'db/migration/catalog/V1__create.json' and 'db/migration/catalog/more/V1_0__other.json' are both version 1.

						Give one of them another version.""");
		assertThat(FailureText.ofStart(with(runner(), "prices", migration("1", "prices", (template) -> {
		})))).contains("bean 'prices' and 'db/migration/catalog/V1__create.json' are both version 1");
	}

	@Test
	void whenAFileIsTwiceOnTheClassPathThenBothAreNamed() {
		write("V1__create.json", "{ create: 'items' }");
		MigrationFolder other = new MigrationFolder(this.folder.resolve("other")).write("catalog/V1__create.json", "");
		assertThat(FailureText.ofStart(runner().withClassLoader(other.classLoader(this.migrations.classLoader()))))
			.matches(
					"(?s).* could not be migrated: file:\\S+/db/migration/catalog/V1__create.json and file:\\S+/other/db/migration/catalog/V1__create.json are both version 1\\..*");
	}

	@Test
	void theShellCanExecuteTheAdvice() {
		write("V1__create.json", "{ create: 'items' }", "{ create: 'items' }");
		String collection = "app.dbs.catalog.mongo.migrations.collection=our-changes";
		FailureText.ofStart(runner(collection));
		assertThat(FailureText.ofStart(runner(collection))).endsWith(
				" execute db.getCollection(\"our-changes\").updateOne({ _id: \"1\" }, { $set: { success: true } }).");
	}

	@Test
	void otherLocationsReplaceTheDefault() {
		write("V1__create.json", "{ create: 'items' }");
		this.migrations.write("shared/V1__create.json", "{ create: 'shared' }")
			.writeTo("files", "V2__create.json", "{ create: 'files' }");
		runner("app.dbs.catalog.mongo.migrations.locations[0]=classpath:/db/migration/shared",
				"app.dbs.catalog.mongo.migrations.locations[2]=db/migration/shared",
				"app.dbs.catalog.mongo.migrations.locations[1]=filesystem:" + this.folder.resolve("files") + "/",
				"app.dbs.catalog.mongo.migrations.collection=changes")
			.run((context) -> assertThat(report(context)).isEqualTo(Map.of("version", "2", "executed", 2)));
		assertThat(this.database.listCollectionNames()).containsExactlyInAnyOrder("changes", "shared", "files");
		assertThat(this.logged.messages()).contains(
				"MongoDB's migrations in 'db/migration/catalog' are not executed: 'app.dbs.catalog.mongo.migrations.locations' has other locations. Add 'classpath:db/migration/catalog' to the locations of the database, or remove the folder.");
	}

	@Test
	void theChecksumDoesNotDependOnLineEnds() {
		this.migrations.write("catalog/V1__create.json", "\uFEFF{ create:\n 'items' }\n");
		start();
		this.migrations.write("catalog/V1__create.json", "{ create:\r\n 'items' }");
		start();
		assertThat(history().find().first()).containsEntry("checksum", -172907997);
	}

	@Test
	void whenTheServerRefusesTheWriteConcernThenTheMigrationHasFailed() {
		MigrationCommand command = new MigrationCommand(BsonDocument.parse("{ insert: 'items' }"), 1, 1);
		MongoDatabase answering = mock();
		given(answering.runCommand(command.command(), BsonDocument.class)).willReturn(BsonDocument
			.parse("{ ok: 1, n: 1, writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } }"));
		assertThatExceptionOfType(MigrationException.class).isThrownBy(() -> command.execute(answering))
			.withMessage(
					"failed at command 1 of 1, 'insert'. The server says: the write concern was not satisfied: waiting for replication timed out (code 64)");
	}

	@Test
	void migrationsInFoldersOfNoMongoDatabaseAreReported() {
		this.migrations.write("catalgo/V1__create.json", "{}")
			.write("V1__create.json", "{}")
			.write("orders/V1__create.json", "{}")
			.write("orders/data.json", "{}")
			.write("off/V1__create.json", "{}");
		start(runner("app.dbs.orders.url=jdbc:h2:mem:json-orders", "app.dbs.off.url=" + this.url,
				"app.dbs.off.mongo.migrations.enabled=false"));
		assertThat(this.logged.messages()).filteredOn((line) -> line.startsWith("MongoDB's migrations"))
			.containsExactly(
					"MongoDB's migrations in 'db/migration' are not executed: they are not in the folder of a database: V1__create.json. Move them to 'db/migration/<name>', where <name> is the name of the database. MongoDB databases: catalog, off.",
					"MongoDB's migrations in 'db/migration/catalgo' are not executed: no database has the name 'catalgo'. Did you mean 'catalog'? Known databases: catalog, orders, off. Rename the folder, or add 'classpath:db/migration/catalgo' to 'app.dbs.<name>.mongo.migrations.locations' of a database.",
					"MongoDB's migrations in 'db/migration/orders' are not executed: database 'orders' is H2. Remove the files, or move them to the folder of a MongoDB database.");
		assertThat(history().find()).isEmpty();
	}

	@Test
	void theEmbeddedServerHasNoTemplate() {
		write("V1__create.json", "{ create: 'items' }");
		assertThat(FailureText.failureOf("""
				app:
				  dbs:
				    catalog:
				      url: embedded:mongodb?template=migrated
				""")).contains("the embedded MongoDB server cannot copy databases");
	}

}
