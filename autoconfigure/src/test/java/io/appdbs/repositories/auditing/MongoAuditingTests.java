package io.appdbs.repositories.auditing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.annotation.CreatedBy;
import org.springframework.data.annotation.CreatedDate;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.LastModifiedDate;
import org.springframework.data.domain.AuditorAware;
import org.springframework.data.mongodb.config.EnableMongoAuditing;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.repository.config.EnableMongoRepositories;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for auditing in named MongoDB databases.
 */
@ApplicationClassLoader
class MongoAuditingTests {

	private final MongoServer server = new MongoServer(new MemoryBackend());

	private String url;

	@BeforeEach
	void start() {
		this.url = "mongodb://localhost:%d/".formatted(this.server.bind().getPort());
	}

	@AfterEach
	void stop() {
		this.server.shutdownNow();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			false; catalog;
			false; catalog,events;
			false; catalog,events; catalog
			true; catalog;
			true; catalog,events;
			true; catalog,events; catalog
			""")
	void savesAreAuditedWithAndWithoutBootsAutoConfigurations(boolean boot, String names, String primary) {
		assertAudited(withDatabases(boot ? boot() : starter(), names, primary), names);
	}

	@Test
	void savesOfRepositoriesAreAudited() {
		withDatabases(boot(), "catalog,events", null).withUserConfiguration(Repositories.class).run((context) -> {
			Item saved = context.getBean(ItemRepository.class).save(new Item());
			assertThat(saved.created).isNotNull();
			MongoTemplate template = context.getBean("eventsMongoTemplate", MongoTemplate.class);
			assertThat(template.findById(saved.id, Item.class).created).isNotNull();
		});
	}

	@Test
	void indexesAreCreatedInTheDatabaseOfTheEntityOnly() {
		withDatabases(boot(), "catalog", null)
			.withPropertyValues("spring.mongodb.uri=" + this.url + "boot",
					"spring.data.mongodb.auto-index-creation=true", "app.dbs-defaults.mongo.indexes.mode=off")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				MongoTemplate own = context.getBean("catalogMongoTemplate", MongoTemplate.class);
				own.save(new Item());
				assertThat(own.indexOps(Item.class).getIndexInfo()).hasSize(2);
				MongoTemplate boots = context.getBean("mongoTemplate", MongoTemplate.class);
				assertThat(boots.getDb().getName()).isEqualTo("boot");
				assertThat(boots.getCollectionNames()).isEmpty();
				assertThat(boots.save(new Item()).created).isNotNull();
			});
	}

	private static void assertAudited(ApplicationContextRunner runner, String names) {
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			for (String name : names.split(",")) {
				MongoTemplate template = context.getBean(name + "MongoTemplate", MongoTemplate.class);
				Item saved = template.save(new Item());
				Instant created = saved.created;
				assertThat(created).isNotNull().isEqualTo(saved.modified);
				Item savedAgain = template.save(template.findById(saved.id, Item.class));
				assertThat(savedAgain.createdBy).isEqualTo("somebody");
				assertThat(savedAgain.created).isEqualTo(created.truncatedTo(ChronoUnit.MILLIS));
				assertThat(savedAgain.modified).isAfter(created);
			}
		});
	}

	private ApplicationContextRunner withDatabases(ApplicationContextRunner runner, String names, String primary) {
		for (String name : names.split(",")) {
			runner = runner.withPropertyValues("app.dbs.%s.url=%s%1$s".formatted(name, this.url),
					"app.dbs.%s.primary=%s".formatted(name, name.equals(primary)));
		}
		return runner.withUserConfiguration(Auditing.class);
	}

	/**
	 * Creates a runner that does not scan for entities and repositories.
	 */
	private static ApplicationContextRunner boot() {
		return starter()
			.withConfiguration(AutoConfigurations.of(MongoAutoConfiguration.class, DataMongoAutoConfiguration.class));
	}

	private static ApplicationContextRunner starter() {
		return new ApplicationContextRunner().withConfiguration(
				AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableMongoAuditing
	static class Auditing {

		@Bean
		AuditorAware<String> auditor() {
			return () -> Optional.of("somebody");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableMongoRepositories(basePackageClasses = ItemRepository.class, mongoTemplateRef = "eventsMongoTemplate")
	static class Repositories {

	}

	@Document
	static class Item {

		@Id
		private String id;

		@Indexed
		private String name;

		@CreatedBy
		private String createdBy;

		@CreatedDate
		private Instant created;

		@LastModifiedDate
		private Instant modified;

	}

}
