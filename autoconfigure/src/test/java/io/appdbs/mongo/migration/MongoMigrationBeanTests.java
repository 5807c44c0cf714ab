package io.appdbs.mongo.migration;

import java.util.Map;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MongoMigration} beans.
 */
class MongoMigrationBeanTests extends EmbeddedMigratedMongo {

	private static String failureOf(ApplicationContextRunner runner) {
		String[] text = new String[1];
		runner.run((context) -> {
			assertThat(context).hasFailed();
			text[0] = FailureText.describe(context.getStartupFailure());
		});
		return text[0];
	}

	@Test
	void componentsProxiesAndConfigurationsHaveTheNameOfTheirClass() {
		runner().withUserConfiguration(V1__Component.class, Scoped.class, V3__Configuration.class)
			.run((context) -> assertThat(report(context)).isEqualTo(Map.of("version", "4", "executed", 4)));
		assertThat(history().find()).extracting((entry) -> entry.get("script"))
			.containsExactlyInAnyOrder(V1__Component.class.getName(), V2__Scoped.class.getName(),
					V3__Configuration.class.getName(), V4__Proxied.class.getName());
	}

	@Test
	void aBeanWithoutQualifierIsRejected() {
		assertThat(failureOf(runner().withBean("prices", MongoMigration.class, V2__Scoped::new))).isEqualTo(
				"""
						The MongoMigration bean 'prices' does not have the qualifier of a database, so it would never be executed.

						Add @Qualifier("catalog") to the bean. MongoDB databases: catalog.""");
		assertThat(failureOf(runner("app.dbs.catalog.url=jdbc:h2:mem:no-mongo").withBean("prices", MongoMigration.class,
				V2__Scoped::new)))
			.endsWith("Add @Qualifier(\"<name>\") to the bean. MongoDB databases: none.");
	}

	@Test
	void aBeanOfARelationalDatabaseIsRejected() {
		assertThat(failureOf(with(runner("app.dbs.catalog.url=jdbc:h2:mem:relational"), "prices", new V1__Component())))
			.isEqualTo(
					"""
							Database 'catalog': the MongoMigration bean 'prices' would never be executed, since H2 is not MongoDB.

							Give the bean the qualifier of a MongoDB database.""");
	}

	@Test
	void aBeanOfADatabaseThatIsReplacedIsRejected() {
		assertThat(failureOf(with(runner(), "prices", new V1__Component()).withUserConfiguration(OwnClient.class)))
			.isEqualTo(
					"""
							Database 'catalog': the MongoMigration bean 'prices' would never be executed, since a MongoClient bean of the application replaces the database.

							Remove one of the two beans.""");
	}

	@Test
	void filesOfADatabaseThatIsReplacedAreReported() {
		write("V1__create.json", "{ create: 'items' }");
		start(runner().withUserConfiguration(OwnClient.class));
		assertThat(this.logged.messages()).contains(
				"MongoDB's migrations in 'db/migration/catalog' are not executed: a MongoClient bean of the application replaces database 'catalog'. Remove the folder.");
		assertThat(failureOf(runner("app.dbs.catalog.mongo.migrations.locations=classpath:db/migration/catalog")
			.withUserConfiguration(OwnClient.class))).isEqualTo(
					"""
							Database 'catalog': 'app.dbs.catalog.mongo.migrations.locations' is set, but a MongoClient bean of the application replaces the database, and its migrations would never be executed.

							Remove the bean, or remove 'app.dbs.catalog.mongo.migrations.locations'.""");
	}

	@Test
	void aBeanOfADatabaseThatIsNotUsedOrNotMigratedIsIgnored() {
		start(with(runner("app.dbs-include=orders", "app.dbs.orders.url=jdbc:h2:mem:included"), "prices",
				new V1__Component()));
		start(with(runner("app.dbs.catalog.mongo.migrations.enabled=false"), "prices", new V1__Component()));
		assertThat(this.database.listCollectionNames()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(classes = { Cycle.class, LateCycle.class })
	void aBeanThatDependsOnADatabaseIsRejected(Class<?> configuration) {
		assertThat(failureOf(runner().withUserConfiguration(configuration))).isEqualTo(
				"""
						Database 'catalog': the MongoMigration bean 'prices' depends on a bean of a database, but databases are opened after it has been created.

						Use the MongoTemplate that its method 'migrate' receives. Remove the dependency, also an indirect one, on beans of other databases.""");
	}

	@Test
	void aBeanWithoutVersionIsRejected() {
		assertThat(failureOf(with(runner(), "prices", new Prices()))).isEqualTo(
				"""
						Database 'catalog': the MongoMigration bean 'prices' is invalid: the class name 'Prices' has no version and description.

						Name the class like 'V2__Add_prices', or override getVersion() and getDescription().""");
		assertThat(failureOf(with(runner(), "prices", (template) -> {
		}))).contains("the class name '").contains("' has no version and description.");
		assertThat(failureOf(with(runner(), "prices", migration("two", "prices", (template) -> {
		})))).isEqualTo("""
				Database 'catalog': the MongoMigration bean 'prices' is invalid: its version is 'two'.

				Return numbers separated by dots from getVersion(), for example '2.1'.""");
		assertThat(failureOf(with(runner(), "prices", new R__Repeatable(null)))).isEqualTo("""
				Database 'catalog': the MongoMigration bean 'prices' is invalid: it is repeatable, but has no checksum.

				Return a number from getChecksum() that changes with the migration, or give it a version.""");
	}

	@Test
	void aRepeatableBeanIsExecutedWhenItsChecksumHasChanged() {
		for (int checksum : new int[] { 1, 1, 2 }) {
			start(with(runner(), "prices", new R__Repeatable(checksum)));
		}
		assertThat(this.database.getCollection("runs").countDocuments()).isEqualTo(2);
		assertThat(versions()).containsExactly("R__Repeatable");
		assertThat(this.logged.messages())
			.anyMatch((line) -> line.matches("Database 'catalog' was migrated by 1 migration in \\d+ ms"));
	}

	@Test
	void theTemplateHasTheConversionsOfTheApplicationAndCreatesNoIndexes() {
		start(with(runner("spring.data.mongodb.auto-index-creation=true", "app.dbs.catalog.mongo.indexes.mode=off"),
				"fill", migration("1", "fill", (template) -> template.insert(new Indexed("a")))));
		assertThat(this.database.getCollection("indexed").listIndexes()).hasSize(1);
	}

	@org.springframework.data.mongodb.core.mapping.Document("indexed")
	record Indexed(@org.springframework.data.mongodb.core.index.Indexed String name) {

	}

	static class Prices implements MongoMigration {

		@Override
		public void migrate(MongoTemplate template) {
		}

	}

	record R__Repeatable(@Nullable Integer checksum) implements MongoMigration {

		@Override
		public void migrate(MongoTemplate template) {
			template.insert(new org.bson.Document(), "runs");
		}

		@Override
		public @Nullable Integer getChecksum() {
			return this.checksum;
		}

	}

	@Component
	@Qualifier("catalog")
	static class V1__Component extends Prices {

	}

	static class V2__Scoped extends Prices {

	}

	@Configuration
	@Qualifier("catalog")
	static class V3__Configuration extends Prices {

		@Bean
		@Qualifier("catalog")
		MongoMigration proxied() {
			return (MongoMigration) new ProxyFactory(new V4__Proxied()).getProxy();
		}

	}

	static class V4__Proxied extends Prices {

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@Qualifier("catalog")
		@Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		V2__Scoped scoped() {
			return new V2__Scoped();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Cycle {

		@Bean
		@Qualifier("catalog")
		MongoMigration prices(@Qualifier("catalog") MongoTemplate catalog) {
			return new V1__Component();
		}

	}

	/**
	 * The database is created first, and requests the migration.
	 */
	@Configuration(proxyBeanMethods = false)
	static class LateCycle {

		@Bean
		@Lazy
		@Qualifier("catalog")
		MongoMigration prices(@Qualifier("catalog") MongoTemplate catalog) {
			return new V1__Component();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		@Qualifier("catalog")
		MongoClient mine() {
			return MongoClients.create("mongodb://localhost:1");
		}

	}

}
