package io.appdbs.mongo.index;

import java.time.Instant;
import java.util.List;

import com.mongodb.client.MongoClient;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.testsupport.LoggedLines;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.index.CompoundIndex;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.index.TextIndexed;
import org.springframework.data.mongodb.core.mapping.DBRef;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for indexes and settings that cannot work.
 */
class IndexConfigurationTests {

	private static final String PACKAGE = "io.appdbs.mongo.index.IndexConfigurationTests$";

	private static ApplicationContextRunner runner(Class<?>... entities) {
		return IndexApplication.runner("embedded:mongodb", entities);
	}

	private static void assertFailure(ApplicationContextRunner runner, String text) {
		runner.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(text));
	}

	@Test
	void autoIndexCreationIsRejectedBesideVerification() {
		ApplicationContextRunner runner = runner(Note.class)
			.withPropertyValues("spring.data.mongodb.auto-index-creation=true");
		assertFailure(runner,
				"""
						Database 'catalog': 'spring.data.mongodb.auto-index-creation' is 'true', but 'app.dbs.catalog.mongo.indexes.mode' is 'verify', which only compares indexes.

						    Origin: "spring.data.mongodb.auto-index-creation" from property source "test"

						Set 'app.dbs.catalog.mongo.indexes.mode' to 'create', and remove 'spring.data.mongodb.auto-index-creation'. To let Spring Data create the indexes as before, set 'app.dbs.catalog.mongo.indexes.mode' to 'off'.""");
		runner.withPropertyValues("app.dbs.catalog.mongo.indexes.mode=off")
			.run((context) -> assertThat(context).hasNotFailed());
		runner(Note.class).withPropertyValues("app.dbs.catalog.mongo.indexes.mode=create")
			.run((context) -> assertThat(IndexApplication.report(context)).hasToString("{same=1}"));
	}

	@Test
	void autoIndexCreationIsRejectedBesideCreation() {
		ApplicationContextRunner runner = runner(Note.class).withPropertyValues(
				"spring.data.mongodb.auto-index-creation=true", "app.dbs-defaults.mongo.indexes.mode=create");
		assertFailure(runner,
				"""
						Database 'catalog': 'spring.data.mongodb.auto-index-creation' is 'true', but 'app.dbs-defaults.mongo.indexes.mode' is 'create', which creates missing indexes as well.

						    Origin: "spring.data.mongodb.auto-index-creation" from property source "test"

						Remove 'spring.data.mongodb.auto-index-creation'. To let Spring Data create the indexes instead, set 'app.dbs-defaults.mongo.indexes.mode' to 'off'.""");
		runner.withPropertyValues("app.dbs-defaults.mongo.indexes.mode=off")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void allIndexesThatMongoRefusesAreReportedTogether() {
		assertFailure(runner(Hashed.class, One.class, Other.class, Expiring.class),
				"""
						4 problems in the configuration of databases:

						1. Database 'catalog': %1$sExpiring._id declares the index '_id' of the collection 'expiring' as {_id: 1} expireAfterSeconds: 60, which MongoDB refuses: documents do not expire by their identifier.

						2. Database 'catalog': %1$sHashed declares the index 'number' of the collection 'hashed' as {number: hashed} unique, which MongoDB refuses: a hashed index cannot be unique.

						3. Database 'catalog': %1$sOther declares the index 'Other_TextIndex' on text, but a collection has at most one, and %1$sOne declares 'One_TextIndex' of the collection 'shared'.

						4. Database 'catalog': %1$sOther.name declares the index 'name' of the collection 'shared' as {name: 1}, but %1$sOne.name declares it as {name: 1} unique.

						1. At the index '_id' of %1$sExpiring._id, let them expire by another field. To leave the indexes of the entities alone, set 'app.dbs.catalog.mongo.indexes.mode' to 'off'.

						2. At the index 'number' of %1$sHashed, remove 'unique', or declare a unique index of the field in addition to the hashed one. To leave the indexes of the entities alone, set 'app.dbs.catalog.mongo.indexes.mode' to 'off'.

						3. At the index 'Other_TextIndex' of %1$sOther, declare the fields of both. To leave the indexes of the entities alone, set 'app.dbs.catalog.mongo.indexes.mode' to 'off'.

						4. At the index 'name' of %1$sOther.name, declare the same, or give one of them another name. To leave the indexes of the entities alone, set 'app.dbs.catalog.mongo.indexes.mode' to 'off'."""
					.formatted(PACKAGE));
	}

	@Test
	void aDefinitionThatIsNoDocumentIsReported() {
		assertFailure(runner(Malformed.class),
				"""
						Database 'catalog': %1$sMalformed declares "{'name': 1, " of the index 'broken', which is not a document: JSON reader was expecting a name but found '<eof>'.

						At %1$sMalformed, write the fields and their directions, such as {'name': 1, 'price': -1}. To leave the indexes of the entities alone, set 'app.dbs.catalog.mongo.indexes.mode' to 'off'."""
					.formatted(PACKAGE));
	}

	@Test
	void whatSpringDataRejectsIsReported() {
		assertFailure(runner(Referring.class),
				"""
						Database 'catalog': the indexes of %1$sReferring cannot be determined: Cannot create geospatial-/text- index on DBRef in collection 'referring' for path 'note'.

						At %1$sReferring, correct the annotation. To leave the indexes of the entities alone, set 'app.dbs.catalog.mongo.indexes.mode' to 'off'."""
					.formatted(PACKAGE));
	}

	@Test
	void aTimeToLiveThatIsNoDurationIsReported() {
		assertFailure(runner(Timed.class),
				"""
						Database 'catalog': the indexes of %1$sTimed.seen cannot be determined: 'soon' is not a valid duration, cannot detect any known style.

						At %1$sTimed.seen, correct the annotation. To leave the indexes of the entities alone, set 'app.dbs.catalog.mongo.indexes.mode' to 'off'."""
					.formatted(PACKAGE));
	}

	@Test
	void theModeOffAcceptsAnyIndex() {
		runner(Hashed.class, Malformed.class).withPropertyValues("app.dbs.catalog.mongo.indexes.mode=off")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void entitiesWithOneCollectionMayDeclareTheSameIndex() {
		runner(One.class, Same.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(IndexApplication.report(context).get("missing")).isInstanceOfSatisfying(List.class,
					(missing) -> assertThat(missing).hasSize(2));
		});
	}

	@Test
	void aCycleOfEntitiesEnds() {
		runner(Parent.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(IndexApplication.report(context).get("missing")).asString()
				.contains("index=parent.name", "index=parent.child.name");
		});
	}

	@Test
	void creatingIsRejectedIfAClientOfTheApplicationReplacesTheDatabase() {
		ApplicationContextRunner runner = runner(Note.class).withUserConfiguration(OwnClient.class);
		assertFailure(runner.withPropertyValues("app.dbs.catalog.mongo.indexes.mode=create"),
				"""
						Database 'catalog': 'app.dbs.catalog.mongo.indexes.mode' is create, but a MongoClient bean of the application replaces the database, and its indexes would not be created.

						Remove the bean, or remove 'app.dbs.catalog.mongo.indexes.mode'.""");
		runner.run((context) -> assertThat(context.getBean(Databases.class).get("catalog").getSnapshot().preparations())
			.isEmpty());
	}

	@Test
	void ifConvertersNeedADatabaseThenIndexesAreNotCompared() {
		ApplicationContextRunner runner = runner(Note.class).withUserConfiguration(DatabaseConverters.class)
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:" + getClass().getSimpleName());
		try (LoggedLines lines = new LoggedLines()) {
			runner.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Databases.class).get("catalog").getSnapshot().preparations()).isEmpty();
			});
			assertThat(lines.messages()).contains(
					"The indexes of database 'catalog' are not compared with those of its entities, because a bean for their mapping, such as MongoCustomConversions, needs a bean of a named database, which has not been opened yet. Inject the bean with ObjectProvider or @Lazy, or set 'app.dbs.catalog.mongo.indexes.mode' to 'off'.");
		}
		assertFailure(runner.withPropertyValues("app.dbs.catalog.mongo.indexes.mode=create"),
				"""
						The indexes of database 'catalog' are not compared with those of its entities, because a bean for their mapping, such as MongoCustomConversions, needs a bean of a named database, which has not been opened yet.

						Inject the bean with ObjectProvider or @Lazy, or set 'app.dbs.catalog.mongo.indexes.mode' to 'off'.""");
	}

	/**
	 * An entity.
	 */
	@Document
	static class Note {

		String id;

		@Indexed
		String name;

	}

	/**
	 * An entity with a unique index that is hashed.
	 */
	@Document
	@CompoundIndex(name = "number", def = "{'number': 'hashed'}", unique = true)
	static class Hashed {

		String id;

		String number;

	}

	/**
	 * An entity whose identifier expires.
	 */
	@Document
	static class Expiring {

		@Id
		@Indexed(expireAfterSeconds = 60)
		String id;

	}

	/**
	 * An entity with a shared collection.
	 */
	@Document("shared")
	static class One {

		String id;

		@TextIndexed
		String title;

		@Indexed(unique = true)
		String name;

	}

	/**
	 * An entity with a shared collection.
	 */
	@Document("shared")
	static class Other {

		String id;

		@TextIndexed
		String body;

		@Indexed
		String name;

	}

	/**
	 * An entity with a shared collection.
	 */
	@Document("shared")
	static class Same {

		String id;

		@TextIndexed
		String title;

		@Indexed(unique = true)
		String name;

	}

	/**
	 * An entity with a definition that is no document.
	 */
	@Document
	@CompoundIndex(name = "broken", def = "{'name': 1, ")
	static class Malformed {

		String id;

		String name;

	}

	/**
	 * An entity with a time to live that is no duration.
	 */
	@Document
	static class Timed {

		String id;

		@Indexed(expireAfter = "soon")
		Instant seen;

	}

	/**
	 * An entity with an index on the text of another one.
	 */
	@Document
	static class Referring {

		String id;

		@DBRef
		@TextIndexed
		Note note;

	}

	/**
	 * An entity that contains another one of its kind.
	 */
	@Document
	static class Parent {

		String id;

		@Indexed
		String name;

		Parent child;

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		@Qualifier("catalog")
		MongoClient ownClient() {
			return mock();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DatabaseConverters {

		@Bean
		MongoCustomConversions conversions(@Qualifier("orders") JdbcTemplate template,
				ObjectProvider<Databases> databases) {
			Converter<StringBuilder, String> converter = new Converter<>() {

				@Override
				public String convert(StringBuilder source) {
					return template.queryForObject("select 1", String.class) + source;
				}

			};
			return new MongoCustomConversions(List.of(converter));
		}

	}

}
