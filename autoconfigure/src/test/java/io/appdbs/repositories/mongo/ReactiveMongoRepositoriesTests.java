package io.appdbs.repositories.mongo;

import java.time.Duration;

import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.reactive.ReactiveApplication;
import io.appdbs.reactive.catalog.BlockingReviewRepository;
import io.appdbs.reactive.catalog.Review;
import io.appdbs.reactive.catalog.ReviewRepository;
import io.appdbs.reactive.notes.Note;
import io.appdbs.reactive.notes.NoteRepository;
import io.appdbs.testsupport.AheadOfTime;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.data.mongodb.config.EnableReactiveMongoAuditing;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for reactive repositories of MongoDB databases.
 */
@ApplicationClassLoader
class ReactiveMongoRepositoriesTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(ReactiveApplication.class)
		.withPropertyValues("spring.liquibase.enabled=false", "app.dbs.catalog.url=embedded:mongodb",
				"app.dbs.catalog.packages=io.appdbs.reactive.catalog", "app.dbs.notes.url=embedded:mongodb");

	@Test
	void repositoriesInThePackagesUseTheTemplatesOfTheirDatabase() {
		this.runner
			.withPropertyValues("app.dbs.notes.packages=io.appdbs.reactive.notes",
					"app.dbs-defaults.mongo.reactive=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				ReviewRepository reviews = context.getBean(ReviewRepository.class);
				reviews.save(new Review("good")).block(TIMEOUT);
				assertThat(reviews.findByText("good").count().block(TIMEOUT)).isOne();
				assertThat(context.getBean(BlockingReviewRepository.class).findByText("good")).hasSize(1);
				context.getBean(NoteRepository.class).save(new Note("1", "note")).block(TIMEOUT);
				assertThat(count(context, "catalog", "review")).isOne();
				assertThat(count(context, "catalog", "note")).isZero();
				assertThat(count(context, "notes", "note")).isOne();
			});
	}

	@Test
	void repositoriesInNoPackageUseTheDefaultDatabase() {
		this.runner
			.withPropertyValues("app.dbs.notes.primary=true", "app.dbs.catalog.mongo.reactive=true",
					"app.dbs.notes.mongo.reactive=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(NoteRepository.class).save(new Note("1", "note")).block(TIMEOUT);
				assertThat(count(context, "notes", "note")).isOne();
				context.getBean(ReviewRepository.class).save(new Review("good")).block(TIMEOUT);
				assertThat(count(context, "catalog", "review")).isOne();
			});
	}

	@Test
	void withoutPackagesBootsRepositoriesUseTheDefaultDatabase() {
		this.runner
			.withPropertyValues("app.dbs.catalog.packages=", "app.dbs.notes.primary=true",
					"app.dbs.notes.mongo.reactive=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(ReviewRepository.class).save(new Review("good")).block(TIMEOUT);
				assertThat(count(context, "notes", "review")).isOne();
			});
	}

	@Test
	void withoutTheKeyAReactiveRepositoryIsRejected() {
		this.runner.withPropertyValues("app.dbs.notes.packages=io.appdbs.reactive.notes")
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							2 problems in the configuration of databases:

							1. Database 'catalog': the repository 'io.appdbs.reactive.catalog.ReviewRepository' is reactive, but 'app.dbs.catalog.mongo.reactive' is not true.

							2. Database 'notes': the repository 'io.appdbs.reactive.notes.NoteRepository' is reactive, but 'app.dbs.notes.mongo.reactive' is not true.

							1. Set 'app.dbs.catalog.mongo.reactive' to true, or extend a repository type that is not reactive in 'io.appdbs.reactive.catalog.ReviewRepository'.

							2. Set 'app.dbs.notes.mongo.reactive' to true, or extend a repository type that is not reactive in 'io.appdbs.reactive.notes.NoteRepository'."""));
	}

	@Test
	void onARelationalDatabaseAReactiveRepositoryIsRejected() {
		this.runner
			.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.packages=io.appdbs.reactive.notes",
					"app.dbs.catalog.mongo.reactive=true")
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).contains(
					"Database 'orders': the repository 'io.appdbs.reactive.notes.NoteRepository' is for MongoDB, but the database is relational."));
	}

	@Test
	void aReactiveRepositoryInNoPackageNeedsAReactiveDefaultDatabase() {
		this.runner.withPropertyValues("app.dbs.notes.primary=true", "app.dbs.catalog.mongo.reactive=true")
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							The application has repositories in no package of a database: 'io.appdbs.reactive.notes.NoteRepository'.

							Add 'io.appdbs.reactive.notes' to the 'packages' of the database that they belong to. Known databases: catalog, notes."""));
	}

	@Test
	void reactiveSavesAreAudited() {
		this.runner.withUserConfiguration(Auditing.class)
			.withPropertyValues("app.dbs.notes.packages=io.appdbs.reactive.notes",
					"app.dbs-defaults.mongo.reactive=true")
			.run((context) -> {
				Review saved = context.getBean(ReviewRepository.class).save(new Review("good")).block(TIMEOUT);
				assertThat(saved.getCreated()).isNotNull();
			});
	}

	@Test
	@CompileWithForkedClassLoader
	void repositoriesAndBeansWorkAfterAheadOfTimeProcessing() {
		new AheadOfTime("""
				spring.liquibase.enabled: false
				app:
				  dbs:
				    catalog:
				      url: embedded:mongodb
				      packages: io.appdbs.reactive.catalog
				    notes:
				      url: embedded:mongodb
				      packages: io.appdbs.reactive.notes
				  dbs-defaults:
				    mongo:
				      reactive: true
				""", ReactiveApplication.class).process().run(getClass().getClassLoader(), (context) -> {
			context.getBean(ReviewRepository.class).save(new Review("good")).block(TIMEOUT);
			assertThat(context.getBean(ReviewRepository.class).findByText("good").count().block(TIMEOUT)).isOne();
			assertThat(count(context, "catalog", "review")).isOne();
			assertThat(context.containsBean("catalogReactiveTransactionManager")).isTrue();
			assertThat(context.containsBean("catalogTransactionalOperator")).isTrue();
			assertThat(context.containsBean("reactiveStreamsMongoClient")).isFalse();
		});
	}

	private static long count(ApplicationContext context, String database, String collection) {
		return context.getBean(database + "MongoTemplate", MongoTemplate.class)
			.getCollection(collection)
			.countDocuments(new Document());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableReactiveMongoAuditing
	static class Auditing {

	}

}
