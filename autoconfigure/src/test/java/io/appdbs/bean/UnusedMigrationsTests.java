package io.appdbs.bean;

import java.nio.file.Path;

import javax.sql.DataSource;

import io.appdbs.testsupport.MigrationFolder;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnusedMigrations}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnusedMigrationsTests {

	private static final String ANYTHING = "Nothing runs the migrations";

	@TempDir
	private Path folder;

	private MigrationFolder migrations;

	@BeforeEach
	void setUp() {
		this.migrations = new MigrationFolder(this.folder);
	}

	@Test
	void whenAFolderHasTheNameOfNoDatabaseThenTheNearestIsNamed(CapturedOutput output) {
		this.migrations.write("ordres/V1__create.sql", "create table item (name varchar(20));")
			.write("ordres/V2__fill.sql", "insert into item values ('one');")
			.write("audit/V1__create.sql", "create table item (name varchar(20));");
		start();
		assertThat(output).containsOnlyOnce(ANYTHING)
			.contains(
					"Nothing runs the migrations in 'db/migration/ordres': no database has the name 'ordres'. Did you mean 'orders'? Known databases: orders, audit. Rename the folder, or add 'classpath:db/migration/ordres' to 'app.dbs.<name>.flyway.locations' of a database.");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "app.dbs.audit.flyway.locations=classpath:db/migration/audit,classpath:db/migration/ordres",
					"app.dbs.audit.flyway.callback-locations=classpath:db/migration/ordres",
					"app.dbs-defaults.flyway.locations=classpath:db/migration/{vendor}",
					"app.dbs.ordres.url=jdbc:h2:mem:unused-new" })
	void whenTheAdviceIsFollowedThenNothingIsSaid(String property, CapturedOutput output) {
		this.migrations.write("ordres/R__one.sql", "").write("audit/R__two.sql", "");
		start(property, "app.dbs-defaults.flyway.fail-on-missing-locations=false");
		assertThat(output).doesNotContain(ANYTHING);
	}

	@Test
	void whenBootsFlywayHasAFolderPerVendorThenNothingIsSaid(CapturedOutput output) {
		this.migrations.write("postgresql/V1__create.sql", "").write("h2/V1__create.sql", "");
		start("spring.datasource.url=jdbc:h2:mem:unused-vendor",
				"spring.flyway.locations=classpath:db/migration/{vendor}");
		assertThat(output).doesNotContain(ANYTHING);
	}

	@Test
	void whenScriptsAreInNoFolderThenTheFolderIsNamed(CapturedOutput output) {
		this.migrations.write("V1__create.sql", "").write("R__views.sql", "").write("README.md", "");
		start();
		assertThat(output).containsOnlyOnce(ANYTHING)
			.contains(
					"Nothing runs the migrations directly in 'db/migration': R__views.sql, V1__create.sql. Move them to 'db/migration/<name>', where <name> is that of the database. Known databases: orders, audit.");
	}

	@Test
	void whenBootsFlywayRunsThemThenNothingIsSaid(CapturedOutput output) {
		this.migrations.write("V1__create.sql", "").write("boot/V2__create.sql", "");
		start("spring.datasource.url=jdbc:h2:mem:unused-boots");
		assertThat(output).doesNotContain(ANYTHING);
	}

	@Test
	void whenBootsFlywayHasOtherLocationsThenTheRestIsReported(CapturedOutput output) {
		this.migrations.write("V1__create.sql", "").write("boot/V2__create.sql", "");
		start("spring.datasource.url=jdbc:h2:mem:unused-boots", "spring.flyway.locations=classpath:db/migration/boot");
		assertThat(output).containsOnlyOnce(ANYTHING)
			.contains("Nothing runs the migrations directly in 'db/migration': V1__create.sql.");
	}

	@Test
	void whenTheDatabaseIsMongoThenThatIsSaid(CapturedOutput output) {
		this.migrations.write("catalog/V1__create.sql", "");
		start("app.dbs.catalog.url=mongodb://localhost:1/catalog", "app.dbs.catalog.required=false",
				"app.dbs.catalog.startup.timeout=10ms");
		assertThat(output).containsOnlyOnce(ANYTHING)
			.contains(
					"Nothing runs the migrations in 'db/migration/catalog': database 'catalog' is a MongoDB database, which Flyway does not migrate. Remove the folder, or rename it to the name of a relational database.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.dbs.orders.flyway.locations", "app.dbs-defaults.flyway.locations" })
	void whenTheDatabaseHasOtherLocationsThenThatIsSaid(String key, CapturedOutput output) {
		this.migrations.write("orders/V1__create.sql", "").write("shared/V1__create.sql", "");
		start(key + "[0]=classpath:db/migration/shared");
		assertThat(output).containsOnlyOnce(ANYTHING)
			.contains("Nothing runs the migrations in 'db/migration/orders': '" + key
					+ "' has other locations. Add 'classpath:db/migration/orders' to the locations of the database, or remove the folder.");
	}

	@Test
	void whenADataSourceOfTheApplicationStandsForTheDatabaseThenThatIsSaid(CapturedOutput output) {
		this.migrations.write("orders/V1__create.sql", "");
		runner().withUserConfiguration(OwnDataSource.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(Flyway.class)).isEmpty();
		});
		assertThat(output).containsOnlyOnce(ANYTHING)
			.contains(
					"Nothing runs the migrations in 'db/migration/orders': a DataSource bean of the application stands for database 'orders'. Define a Flyway bean with @Qualifier(\"orders\") that migrates it, or remove the folder.");
	}

	@Test
	void whenAFlywayOfTheApplicationHasOtherLocationsThenThatIsSaid(CapturedOutput output) {
		this.migrations.write("orders/V1__create.sql", "").write("own/V1__create.sql", "");
		runner().withUserConfiguration(OwnFlyway.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).containsOnlyOnce(ANYTHING)
			.contains(
					"Nothing runs the migrations in 'db/migration/orders': the Flyway bean 'mine' of the application migrates database 'orders' and has other locations. Add 'classpath:db/migration/orders' to them, or remove the folder.");
	}

	@Test
	void whenAFlywayOfTheApplicationHasNotBeenCreatedThenNothingIsSaid(CapturedOutput output) {
		this.migrations.write("ordres/V1__create.sql", "");
		runner().withUserConfiguration(LazyFlyway.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain(ANYTHING);
	}

	@Test
	void whenTheApplicationCustomizesAFlywayThenNothingIsSaid(CapturedOutput output) {
		this.migrations.write("ordres/V1__create.sql", "").write("orders/V1__create.sql", "");
		runner().withUserConfiguration(OwnCustomizer.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain(ANYTHING);
	}

	@Test
	void whenTheApplicationLeavesADatabaseOutThenNothingIsSaid(CapturedOutput output) {
		this.migrations.write("orders/V1__create.sql", "").write("audit/V1__create.sql", "");
		start("app.dbs-include=audit", "app.dbs.audit.flyway.enabled=false");
		assertThat(output).doesNotContain(ANYTHING);
	}

	@Test
	void migrationsInJavaCountAndOtherClassesDoNot(CapturedOutput output) {
		this.migrations.write("support/Names.class", "")
			.write("support/V2__Fill$Row.class", "")
			.write("ordres/V2__Fill.class", "");
		start();
		assertThat(output).containsOnlyOnce(ANYTHING).contains("'db/migration/ordres'");
	}

	private void start(String... properties) {
		runner().withPropertyValues(properties).run((context) -> assertThat(context).hasNotFailed());
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withClassLoader(this.migrations.classLoader())
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:unused-orders",
					"app.dbs.audit.url=jdbc:h2:mem:unused-audit", "spring.data.jpa.repositories.enabled=false",
					"spring.jpa.hibernate.ddl-auto=none");
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
	static class LazyFlyway {

		@Bean(defaultCandidate = false)
		@Lazy
		Flyway mine(@Qualifier("orders") DataSource dataSource) {
			return Flyway.configure().dataSource(dataSource).locations("classpath:db/migration/ordres").load();
		}

	}

}
