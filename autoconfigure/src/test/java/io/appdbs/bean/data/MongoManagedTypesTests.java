package io.appdbs.bean.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.indexed.IndexedApplication;
import io.appdbs.indexed.Note;
import io.appdbs.indexed.events.Event;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoManagedTypes;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the entities of MongoDB databases that are known in advance, whose indexes
 * are created with the template.
 */
class MongoManagedTypesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(IndexedApplication.class)
		.withPropertyValues("spring.liquibase.enabled=false", "spring.data.mongodb.auto-index-creation=true",
				"app.dbs-defaults.mongo.indexes.mode=off", "app.dbs.events.url=embedded:mongodb",
				"app.dbs.events.packages=io.appdbs.indexed.events");

	private final ApplicationContextRunner two = this.runner.withPropertyValues("app.dbs.pages.url=embedded:mongodb",
			"app.dbs.pages.packages=io.appdbs.indexed.pages");

	@Test
	void indexesAreCreatedInTheDatabaseThatHasThePackage() {
		this.two.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(collections(context, "events")).containsExactly("event");
			assertThat(collections(context, "pages")).containsExactly("page");
			assertThat(types(context, "eventsMongoManagedTypes")).containsExactly(Event.class);
		});
	}

	@Test
	void entitiesInNoPackageBelongToThePrimaryDatabase() {
		this.two.withPropertyValues("app.dbs.pages.primary=true").run((context) -> {
			assertThat(collections(context, "events")).containsExactly("event");
			assertThat(collections(context, "pages")).containsExactlyInAnyOrder("page", "note");
		});
	}

	@Test
	void entitiesInNoPackageBelongToBootsOwnDatabase() {
		MongoServer server = new MongoServer(new MemoryBackend());
		try {
			this.two
				.withPropertyValues("spring.mongodb.uri=mongodb://localhost:%d/boot".formatted(server.bind().getPort()))
				.run((context) -> {
					assertThat(context.getBean("mongoTemplate", MongoTemplate.class).getCollectionNames())
						.containsExactly("note");
					assertThat(collections(context, "events")).containsExactly("event");
				});
		}
		finally {
			server.shutdownNow();
		}
	}

	@Test
	void aBeanUnderTheQualifierReplacesTheEntitiesInThePackages() {
		this.two.withUserConfiguration(EventsTypes.class)
			.withPropertyValues("app.dbs.pages.primary=true")
			.run((context) -> {
				assertThat(collections(context, "events")).containsExactly("note");
				assertThat(collections(context, "pages")).containsExactlyInAnyOrder("page", "note");
			});
	}

	private static Set<String> collections(AssertableApplicationContext context, String database) {
		return context.getBean(database + "MongoTemplate", MongoTemplate.class).getCollectionNames();
	}

	private static List<Class<?>> types(AssertableApplicationContext context, String beanName) {
		List<Class<?>> types = new ArrayList<>();
		context.getBean(beanName, MongoManagedTypes.class).forEach(types::add);
		return types;
	}

	@Configuration(proxyBeanMethods = false)
	static class EventsTypes {

		@Bean
		@Qualifier("events")
		MongoManagedTypes eventTypes() {
			return MongoManagedTypes.from(Note.class);
		}

	}

}
