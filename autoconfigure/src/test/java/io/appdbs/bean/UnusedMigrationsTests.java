package io.appdbs.bean;

import java.nio.file.Path;

import javax.sql.DataSource;

import io.appdbs.testsupport.MigrationFolder;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnusedMigrations}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnusedMigrationsTests {

	private static final String ANYTHING = "No Flyway runs the migrations";

	@TempDir
	private Path folder;

	private MigrationFolder migrations;

	@BeforeEach
	void setUp() {
		this.migrations = new MigrationFolder(this.folder);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					ordres/V1__create.sql ordres/V2__fill.sql audit/V1__create.sql | Application | | \
					in 'db/migration/ordres': no database has the name 'ordres'. Did you mean 'orders'? Known databases: orders, \
					audit. Rename the folder, or add 'classpath:db/migration/ordres' to 'app.dbs.<name>.flyway.locations' of a \
					database.
					support/Names.class support/V2__Fill$Row.class ordres/V2__Fill.class | Application | | \
					in 'db/migration/ordres': no database has the name 'ordres'.
					V1__create.sql R__views.sql README.md | Application | | \
					directly in 'db/migration': R__views.sql, V1__create.sql. Move them to 'db/migration/<name>', where <name> \
					is the name of the database. Known databases: orders, audit.
					V1__create.sql boot/V2__create.sql | Application | spring.datasource.url=jdbc:h2:mem:unused-boots \
					spring.flyway.locations=classpath:db/migration/boot | directly in 'db/migration': V1__create.sql.
					catalog/V1__create.sql | Application | app.dbs.catalog.url=mongodb://localhost:1/catalog \
					app.dbs.catalog.required=false app.dbs.catalog.startup.timeout=10ms | \
					in 'db/migration/catalog': database 'catalog' is a MongoDB database, which Flyway cannot migrate. Write \
					its migrations as files with commands such as 'V1__create.json', or rename the folder to the name of a \
					relational database.
					orders/V1__create.sql shared/V1__create.sql | Application | \
					app.dbs.orders.flyway.locations[0]=classpath:db/migration/shared | \
					in 'db/migration/orders': 'app.dbs.orders.flyway.locations' has other locations. Add \
					'classpath:db/migration/orders' to the locations of the database, or remove the folder.
					orders/V1__create.sql shared/V1__create.sql | Application | \
					app.dbs-defaults.flyway.locations[0]=classpath:db/migration/shared | \
					in 'db/migration/orders': 'app.dbs-defaults.flyway.locations' has other locations. Add \
					'classpath:db/migration/orders' to the locations of the database, or remove the folder.
					orders/V1__create.sql own/V1__create.sql | OwnFlyway | | \
					in 'db/migration/orders': the Flyway bean 'mine' of the application migrates database 'orders' and has \
					other locations. Add 'classpath:db/migration/orders' to them, or remove the folder.
					""")
	void whenMigrationsAreNotRunThenTheReasonIsLogged(String files, String configuration, @Nullable String properties,
			String reason, CapturedOutput output) {
		start(files, configuration, properties);
		assertThat(output).containsOnlyOnce(ANYTHING).contains(ANYTHING + " " + reason);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ordres/R__one.sql audit/R__two.sql | Application | app.dbs-defaults.flyway.fail-on-missing-locations=false \
			app.dbs.audit.flyway.locations=classpath:db/migration/audit,classpath:db/migration/ordres
			ordres/R__one.sql audit/R__two.sql | Application | app.dbs-defaults.flyway.fail-on-missing-locations=false \
			app.dbs.audit.flyway.callback-locations=classpath:db/migration/ordres
			ordres/R__one.sql audit/R__two.sql | Application | app.dbs-defaults.flyway.fail-on-missing-locations=false \
			app.dbs-defaults.flyway.locations=classpath:db/migration/{vendor}
			ordres/R__one.sql audit/R__two.sql | Application | app.dbs.ordres.url=jdbc:h2:mem:unused-new
			postgresql/V1__create.sql h2/V1__create.sql | Application | \
			spring.datasource.url=jdbc:h2:mem:unused-vendor spring.flyway.locations=classpath:db/migration/{vendor}
			V1__create.sql boot/V2__create.sql | Application | spring.datasource.url=jdbc:h2:mem:unused-boots
			ordres/V1__create.sql | LazyFlyway |
			ordres/V1__create.sql orders/V1__create.sql | OwnCustomizer |
			orders/V1__create.sql audit/V1__create.sql | Application | \
			app.dbs-include=audit app.dbs.audit.flyway.enabled=false
			""")
	void whenMigrationsAreOrMayBeRunThenNothingIsLogged(String files, String configuration, @Nullable String properties,
			CapturedOutput output) {
		start(files, configuration, properties);
		assertThat(output).doesNotContain(ANYTHING);
	}

	@Test
	void whenADataSourceOfTheApplicationReplacesTheDatabaseThenThatIsLogged(CapturedOutput output) {
		this.migrations.write("orders/V1__create.sql", "");
		runner().withUserConfiguration(OwnDataSource.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(Flyway.class)).isEmpty();
		});
		assertThat(output).containsOnlyOnce(ANYTHING)
			.contains(
					"No Flyway runs the migrations in 'db/migration/orders': a DataSource bean of the application replaces database 'orders'. Define a Flyway bean with @Qualifier(\"orders\") that migrates it, or remove the folder.");
	}

	@ParameterizedTest
	@CsvSource({ "'', 1", "spring.datasource.url=jdbc:h2:mem:unused-strategy, 0" })
	void aStrategyThatNoFlywayUsesIsReported(String property, int count, CapturedOutput output) {
		runner().withUserConfiguration(Strategy.class)
			.withPropertyValues(property.isEmpty() ? new String[0] : new String[] { property })
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.toString()
			.lines()
			.filter((line) -> line.endsWith(
					"The FlywayMigrationStrategy bean 'strategy' is not used, because only Spring Boot's own Flyway uses such beans. Named databases are migrated when they are opened. To repair or baseline one, use its Flyway bean, or keys such as 'app.dbs.<name>.flyway.baseline-on-migrate'.")))
			.hasSize(count);
	}

	private void start(String files, String configuration, @Nullable String properties) {
		for (String file : files.split(" ")) {
			this.migrations.write(file, "");
		}
		runner().withUserConfiguration(ClassUtils.resolveClassName(getClass().getName() + "$" + configuration, null))
			.withPropertyValues((properties != null) ? properties.split(" ") : new String[0])
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withClassLoader(this.migrations.classLoader())
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:unused-orders",
					"app.dbs.audit.url=jdbc:h2:mem:unused-audit", "spring.data.jpa.repositories.enabled=false",
					"spring.jpa.hibernate.ddl-auto=none", "spring.liquibase.enabled=false");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		@Qualifier("orders")
		DataSource mine() {
			return new DriverManagerDataSource("jdbc:h2:mem:unused-own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFlyway {

		@Bean(defaultCandidate = false)
		@Qualifier("orders")
		Flyway mine(@Qualifier("orders") DataSource dataSource) {
			return Flyway.configure().dataSource(dataSource).locations("classpath:db/migration/own").load();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCustomizer {

		@Bean
		@Qualifier("orders")
		FlywayConfigurationCustomizer customizer() {
			return (configuration) -> configuration.locations("classpath:db/migration/ordres");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Strategy {

		@Bean
		FlywayMigrationStrategy strategy() {
			return Flyway::migrate;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyFlyway {

		@Bean(defaultCandidate = false)
		@Lazy
		Flyway mine(@Qualifier("orders") DataSource dataSource) {
			return Flyway.configure().dataSource(dataSource).locations("classpath:db/migration/ordres").load();
		}

	}

}
