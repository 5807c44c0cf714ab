package io.appdbs.mongo.migration;

import java.util.Map;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorSecurity;
import io.appdbs.testsupport.AheadOfTime;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for applications with {@link MongoMigration} beans.
 */
@ApplicationClassLoader
class MigratedApplicationTests {

	@Test
	@CompileWithForkedClassLoader
	void beansMigrateAnApplicationThatWasProcessedAheadOfTime() {
		new AheadOfTime("app.dbs.catalog.url: embedded:mongodb", Application.class).process().run((context) -> {
			assertThat(MigratedMongo.report(context)).isEqualTo(Map.of("version", "2", "executed", 1));
			assertThat(context.getBean("catalogMongoTemplate", MongoTemplate.class)
				.getCollection("items")
				.countDocuments()).isEqualTo(1);
		});
	}

	@Test
	void healthAndEndpointShowTheVersion() {
		try (ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET, Secured.class,
				"app.dbs.catalog.url=embedded:mongodb", "management.endpoint.health.show-details=always")) {
			assertThat(application.get("/health/dbs/catalog").at("details.migrationVersion")).isEqualTo("2");
			assertThat(application.get("/databases/catalog").at("preparations[0].name")).isEqualTo("migration");
			assertThat(application.get("/databases/catalog").at("preparations[0].details"))
				.isEqualTo(Map.of("version", "2", "executed", 1));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(DatabasesAutoConfiguration.class)
	static class Application extends Migrations {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ ActuatorSecurity.Servlet.class, Migrations.class })
	static class Secured {

	}

	@Configuration(proxyBeanMethods = false)
	static class Migrations {

		@Bean
		@Qualifier("catalog")
		MongoMigration items() {
			return new V2__Items();
		}

	}

	static class V2__Items implements MongoMigration {

		@Override
		public void migrate(MongoTemplate template) {
			template.insert(new Document(), "items");
		}

	}

}
