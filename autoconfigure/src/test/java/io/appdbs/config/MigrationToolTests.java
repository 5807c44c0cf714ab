package io.appdbs.config;

import java.nio.file.Path;
import java.util.List;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.testsupport.EnvironmentBuilder;
import io.appdbs.testsupport.MigrationFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static io.appdbs.autoconfigure.diagnostics.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the keys below {@code liquibase} and {@code sql-init} that depend on files
 * and libraries.
 */
class MigrationToolTests {

	private static final String CREATE = MigrationFolder.changeSet("create", "create table item (name varchar(20))");

	@TempDir
	private Path folder;

	@Test
	void whenThereIsNoLiquibaseThenItsCoordinatesAreNamed() {
		assertThat(failureOf(
				EnvironmentBuilder.properties("app.dbs.orders.url=jdbc:h2:mem:x", "app.dbs.orders.liquibase.tag=v1")
					.build(),
				new FilteredClassLoader("liquibase")))
			.isEqualTo("""
					Description:

					Database 'orders': 'app.dbs.orders.liquibase.tag' needs 'org.liquibase:liquibase-core', which is \
					not on the class path.

					    Origin: "app.dbs.orders.liquibase.tag" from property source "commandLineArgs"

					Action:

					Add to the dependencies:

					    <dependency><groupId>org.liquibase</groupId><artifactId>liquibase-core</artifactId></dependency>
					""");
	}

	@Test
	void whenThereIsAChangelogAndNoLiquibaseThenItsCoordinatesAreNamed() {
		files().changelog("orders", CREATE);
		ClassLoader classLoader = files().classLoader(new FilteredClassLoader("liquibase"));
		assertThat(failureOf(EnvironmentBuilder.properties("app.dbs.orders.url=jdbc:h2:mem:x").build(), classLoader))
			.isEqualTo("""
					Description:

					Database 'orders': the changelog 'db/changelog/orders/db.changelog-master.yaml' needs \
					'org.liquibase:liquibase-core', which is not on the class path.

					Action:

					Add to the dependencies:

					    <dependency><groupId>org.liquibase</groupId><artifactId>liquibase-core</artifactId></dependency>

					Or set 'app.dbs.orders.liquibase.enabled' to false.
					""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.dbs.orders.liquibase.enabled", "app.dbs-defaults.liquibase.enabled" })
	void whenThereIsAChangelogAndNoLiquibaseThenItCanBeSwitchedOff(String key) {
		files().changelog("orders", CREATE);
		assertThat(DatabaseSettingsBinder.bind(
				EnvironmentBuilder.properties("app.dbs.orders.url=jdbc:h2:mem:x", key + "=false").build(),
				List.of("orders"), files().classLoader(new FilteredClassLoader("liquibase"))))
			.containsOnlyKeys("orders");
	}

	@Test
	void whenThereAreSeveralChangelogsThenTheyAreNamed() {
		files().changelog("orders", CREATE).writeTo("db/changelog/orders", "db.changelog-master.sql", "");
		assertThat(failureOf(EnvironmentBuilder.properties("app.dbs.orders.url=jdbc:h2:mem:x").build(),
				files().classLoader()))
			.isEqualTo("""
					Description:

					Database 'orders': there are several changelogs: db/changelog/orders/db.changelog-master.yaml, \
					db/changelog/orders/db.changelog-master.sql.

					Action:

					Keep one of them, or name it in 'app.dbs.orders.liquibase.change-log'.
					""");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					migrations | there are migrations in 'db/migration/orders' | the changelog 'db/changelog/orders/db.changelog-master.yaml' exists | -
					migrations | there are migrations in 'db/migration/orders' | 'app.dbs.orders.liquibase' is set | app.dbs.orders.liquibase.contexts=test
					none       | 'app.dbs.orders.flyway' is set | the changelog 'db/changelog/orders/db.changelog-master.yaml' exists | app.dbs.orders.flyway.table=history
					none       | 'app.dbs-defaults.flyway.locations' is set | the changelog 'db/changelog/orders/db.changelog-master.yaml' exists | app.dbs-defaults.flyway.locations=classpath:x
					migrations | there are migrations in 'db/migration/orders' | 'app.dbs-defaults.liquibase.change-log' is set | app.dbs-defaults.liquibase.change-log=classpath:x.yaml
					""")
	void whenFlywayAndLiquibaseWouldMigrateADatabaseThenBothReasonsAreNamed(String files, String flyway,
			String liquibase, String property) {
		files().changelog("orders", CREATE);
		if (files.equals("migrations")) {
			files().write("orders/V1__create.sql", "create table item (name varchar(20));");
		}
		runner("app.dbs.orders.url=jdbc:h2:mem:both")
			.withPropertyValues(property.equals("-") ? new String[0] : new String[] { property })
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database 'orders': Flyway and Liquibase would both migrate it: Flyway because %s, and Liquibase because %s.

							Keep one of them: remove the keys and files of the other one, or set 'app.dbs.orders.flyway.enabled' or 'app.dbs.orders.liquibase.enabled' to false."""
						.formatted(flyway, liquibase)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.dbs.orders.flyway.enabled", "app.dbs.orders.liquibase.enabled" })
	void whenOneIsDisabledThenTheOtherOneMigratesTheDatabase(String key) {
		files().changelog("orders", CREATE).write("orders/V1__create.sql", "create table item (name varchar(20));");
		runner("app.dbs.orders.url=jdbc:h2:mem:one", key + "=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.containsBean("ordersFlyway")).isNotEqualTo(key.contains("flyway"));
			assertThat(context.containsBean("ordersLiquibase")).isNotEqualTo(key.contains("liquibase"));
		});
	}

	private MigrationFolder files() {
		return new MigrationFolder(this.folder);
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withClassLoader(files().classLoader())
			.withPropertyValues(properties);
	}

}
