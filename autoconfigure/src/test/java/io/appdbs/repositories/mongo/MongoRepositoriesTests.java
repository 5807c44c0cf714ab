package io.appdbs.repositories.mongo;

import java.util.List;

import io.appdbs.testsupport.ApplicationClassLoader;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.index.IndexInfo;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.repository.config.EnableMongoRepositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for Spring Data MongoDB on named databases.
 */
@ApplicationClassLoader
class MongoRepositoriesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("app.dbs.catalog.url=embedded:mongodb", "app.dbs.orders.url=embedded:h2");

	private final ApplicationContextRunner two = this.runner.withUserConfiguration(OnCatalog.class)
		.withPropertyValues("app.dbs.events.url=embedded:mongodb");

	@Test
	void repositoriesWorkOnTheTemplateThatTheyName() {
		this.two.run((context) -> {
			assertRepositoryWorks(context);
			assertThat(indexes(context, "catalog")).containsExactly("_id_");
		});
	}

	@Test
	void repositoriesWorkOnTheTemplateThatTheyNameInAdditionToAPrimaryOne() {
		this.two.withPropertyValues("app.dbs.events.primary=true").run(this::assertRepositoryWorks);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "app.dbs.events.url=embedded:mongodb app.dbs.catalog.primary=true",
			"app.dbs.events.url=embedded:mongodb app.dbs.catalog.primary=true app.dbs.audit.url=embedded:h2 app.dbs.orders.primary=true" })
	void repositoriesWorkOnTheOnlyOrPrimaryDatabase(String properties) {
		this.runner.withUserConfiguration(OnTheDefault.class)
			.withPropertyValues(properties.split(" "))
			.run(this::assertRepositoryWorks);
	}

	@Test
	void indexesAreCreatedInTheDatabaseOfTheRepositoryOnly() {
		this.two.withPropertyValues("app.dbs-defaults.mongo.indexes.mode=create").run((context) -> {
			assertRepositoryWorks(context);
			// the entity is not known before the repository is created
			TestDatabases.await(() -> indexes(context, "catalog").equals(List.of("_id_", "name")));
		});
	}

	@Test
	void indexesOfTheOnlyDatabaseAreCreatedAtStart() {
		this.runner.withUserConfiguration(OnTheDefault.class)
			.withPropertyValues("app.dbs.catalog.mongo.indexes.mode=create")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(indexes(context, "catalog")).containsExactlyInAnyOrder("_id_", "name");
			});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenNoDatabaseIsPrimaryThenTheAnalysisSaysSo(CapturedOutput output) {
		SpringApplication application = new SpringApplication(OnTheDefault.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application
			.run("""
					--spring.application.json={ "app": { "dbs": { "catalog": { "url": "embedded:mongodb" }, "events": { "url": "embedded:mongodb" }, "orders": { "url": "embedded:h2" } } } }"""));
		assertThat(output).contains(
				"""
						Description:

						Bean 'itemRepository' required a bean named 'mongoTemplate', which only a primary database has, but none of the databases is primary: catalog, events.

						Action:

						Set 'app.dbs.<name>.packages' to the packages of the entities and repositories of a database. Alternatively, refer to the bean of one database by its name, or set 'app.dbs.<name>.primary' to true for one of these names. Every injection point of this type without qualifier then gets that database.
						""");
	}

	private void assertRepositoryWorks(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		ItemRepository repository = context.getBean(ItemRepository.class);
		repository.save(new Item("1", "one"));
		assertThat(repository.findAll()).containsExactly(new Item("1", "one"));
		assertThat(template(context, "catalog").findAll(Item.class)).containsExactly(new Item("1", "one"));
		if (context.containsBean("eventsMongoTemplate")) {
			assertThat(template(context, "events").getCollectionNames()).isEmpty();
		}
	}

	private static List<String> indexes(AssertableApplicationContext context, String database) {
		return template(context, database).indexOps("item").getIndexInfo().stream().map(IndexInfo::getName).toList();
	}

	private static MongoTemplate template(AssertableApplicationContext context, String database) {
		return context.getBean(database + "MongoTemplate", MongoTemplate.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OnTheDefault {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableMongoRepositories(mongoTemplateRef = "catalogMongoTemplate")
	static class OnCatalog {

	}

	@Document
	record Item(@Id String id, @Indexed String name) {

	}

}
