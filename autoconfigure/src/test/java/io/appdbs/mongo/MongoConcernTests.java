package io.appdbs.mongo;

import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.TagSet;
import com.mongodb.TaggableReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for read preference, read concern and write concern of the application's client.
 */
class MongoConcernTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.required=false", "app.dbs.orders.startup.timeout=1ms");

	private static MongoClient client(ApplicationContext context) {
		return context.getBean(MongoClient.class);
	}

	@Test
	void byDefaultTheDriverDecides() {
		this.runner.withPropertyValues("app.dbs.orders.url=mongodb://localhost:1/orders").run((context) -> {
			assertThat(client(context).getReadPreference()).isEqualTo(ReadPreference.primary());
			assertThat(client(context).getReadConcern()).isEqualTo(ReadConcern.DEFAULT);
			assertThat(client(context).getWriteConcern()).isEqualTo(WriteConcern.ACKNOWLEDGED);
		});
	}

	@Test
	void keysApplyToTheClientOfTheApplication() {
		this.runner
			.withPropertyValues("app.dbs.orders.url=mongodb://localhost:1/orders?journal=true&wtimeoutMS=500",
					"app.dbs.orders.mongo.read-preference=secondary-preferred",
					"app.dbs.orders.mongo.read-concern=majority", "app.dbs.orders.mongo.write-concern=2")
			.run((context) -> {
				assertThat(client(context).getReadPreference()).isEqualTo(ReadPreference.secondaryPreferred());
				assertThat(client(context).getReadConcern()).isEqualTo(ReadConcern.MAJORITY);
				assertThat(client(context).getWriteConcern()).isEqualTo(new WriteConcern(2, 500).withJournal(true));
			});
	}

	@Test
	void aWriteConcernCanHaveAName() {
		this.runner
			.withPropertyValues("app.dbs.orders.url=mongodb://localhost:1/orders",
					"app.dbs.orders.mongo.write-concern=twoCenters")
			.run((context) -> assertThat(client(context).getWriteConcern()).isEqualTo(new WriteConcern("twoCenters")));
		this.runner
			.withPropertyValues("app.dbs.orders.url=mongodb://localhost:1/orders",
					"app.dbs.orders.mongo.write-concern=Majority")
			.run((context) -> assertThat(client(context).getWriteConcern()).isEqualTo(WriteConcern.MAJORITY));
	}

	@Test
	void theUrlOverridesTheDefaults() {
		this.runner
			.withPropertyValues(
					"app.dbs.orders.url=mongodb://localhost:1/orders?readPreference=nearest&readConcernLevel=local&W=3",
					"app.dbs-defaults.mongo.read-preference=secondary", "app.dbs-defaults.mongo.read-concern=majority",
					"app.dbs-defaults.mongo.write-concern=majority")
			.run((context) -> {
				assertThat(client(context).getReadPreference()).isEqualTo(ReadPreference.nearest());
				assertThat(client(context).getReadConcern()).isEqualTo(ReadConcern.LOCAL);
				assertThat(client(context).getWriteConcern()).isEqualTo(WriteConcern.W3);
			});
	}

	@Test
	void tagsOfTheUrlAreKept() {
		this.runner.withPropertyValues(
				"app.dbs.orders.url=mongodb://localhost:1/orders?readPreference=secondary&readPreferenceTags=dc:east",
				"app.dbs.orders.mongo.read-preference=secondary")
			.run((context) -> assertThat(client(context).getReadPreference())
				.asInstanceOf(InstanceOfAssertFactories.type(TaggableReadPreference.class))
				.satisfies((preference) -> assertThat(preference.getTagSetList())
					.containsExactly(new TagSet(new com.mongodb.Tag("dc", "east")))));
	}

}
