package io.appdbs.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link DatabaseInjectionFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseInjectionFailureAnalyzerTests {

	private static final String PREFIX = "io.appdbs.autoconfigure.DatabaseInjectionFailureAnalyzerTests$";

	private static final String YAML_WITH_DISABLED = """
			app:
			  dbs:
			    orders.url: embedded:h2
			    orders.enabled: %s
			    order:
			      url: embedded:h2
			      enabled: false
			""";

	private static final String DISABLED = """
			Parameter 0 of constructor in %sUnknownName required a bean of type \
			'org.springframework.jdbc.core.simple.JdbcClient' of the database 'order', which is disabled: \
			'app.dbs.order.enabled' is 'false' (Byte array resource [application.yml] - 7:16).

			Action:

			Set 'app.dbs.order.enabled' to 'true', or remove the injection point.
			""".formatted(PREFIX);

	@Test
	void whenNoDatabaseHasTheNameThenTheKnownOnesAreListed(CapturedOutput output) {
		start(UnknownName.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sUnknownName required a bean of type \
				'org.springframework.jdbc.core.simple.JdbcClient' of the database 'order', and no database has that \
				name. Known: orders, audit, catalog.

				Action:

				Use one of the known names in @Qualifier, or configure the database with 'app.dbs.order.url'.
				""".formatted(PREFIX));
	}

	@Test
	void whenNoDatabaseHasTheNameOfAFieldThenTheKnownOnesAreListed(CapturedOutput output) {
		start(UnknownNameOfField.class);
		assertThat(text(output)).isEqualTo("""
				Field dataSource in %sUnknownNameOfField required a bean of type 'javax.sql.DataSource' of the \
				database 'order', and no database has that name. Known: orders, audit, catalog.

				Action:

				Use one of the known names in @Qualifier, or configure the database with 'app.dbs.order.url'.
				""".formatted(PREFIX));
	}

	@Test
	void whenAMongoDatabaseIsAskedForAJdbcClientThenItSaysWhatThereIs(CapturedOutput output) {
		start(JdbcClientOfMongo.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sJdbcClientOfMongo required a bean of type \
				'org.springframework.jdbc.core.simple.JdbcClient' of the database 'catalog', which is a MongoDB \
				database and has no such bean.

				Action:

				Inject one of MongoClient, MongoDatabaseFactory, MongoTemplate, MongoOperations, \
				MongoTransactionManager, PlatformTransactionManager, TransactionTemplate, or name another database. \
				Known: orders, audit, catalog.
				""".formatted(PREFIX));
	}

	@Test
	void whenARelationalDatabaseIsAskedForAMongoTemplateThenItSaysWhatThereIs(CapturedOutput output) {
		start(MongoTemplateOfRelational.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sMongoTemplateOfRelational required a bean of type \
				'org.springframework.data.mongodb.core.MongoTemplate' of the database 'orders', which is a relational \
				database and has no such bean.

				Action:

				Inject one of DataSource, JdbcTemplate, JdbcOperations, NamedParameterJdbcTemplate, \
				NamedParameterJdbcOperations, JdbcClient, PlatformTransactionManager, TransactionTemplate, or name \
				another database. Known: orders, audit, catalog.
				""".formatted(PREFIX));
	}

	@Test
	void whenSeveralAndNoneIsPrimaryThenAnUnqualifiedTemplateSaysSo(CapturedOutput output) {
		start(Unqualified.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sUnqualified required a bean of type \
				'org.springframework.jdbc.core.JdbcTemplate' without saying of which database. Known: orders, audit.

				Action:

				Add @Qualifier with one of the known names to the injection point, or set 'app.dbs.<name>.primary' to \
				true for the database that it should get.
				""".formatted(PREFIX));
	}

	@Test
	void whenSeveralAndNoneIsPrimaryThenAnUnqualifiedDataSourceSaysSo(CapturedOutput output) {
		start(UnqualifiedDataSource.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sUnqualifiedDataSource required a bean of type \
				'javax.sql.DataSource' without saying of which database. Known: orders, audit.

				Action:

				Add @Qualifier with one of the known names to the injection point, or set 'app.dbs.<name>.primary' to \
				true for the database that it should get.
				""".formatted(PREFIX));
	}

	@Test
	void whenSeveralAndNoneIsPrimaryThenAnUnqualifiedTransactionManagerSaysSo(CapturedOutput output) {
		start(UnqualifiedTransactionManager.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sUnqualifiedTransactionManager required a bean of type \
				'org.springframework.transaction.PlatformTransactionManager' without saying of which database. \
				Known: orders, audit, catalog.

				Action:

				Add @Qualifier with one of the known names to the injection point, or set 'app.dbs.<name>.primary' to \
				true for the database that it should get.
				""".formatted(PREFIX));
	}

	@Test
	void whenTheDatabaseIsDisabledThenItSaysWhereAndHowToEnableIt(CapturedOutput output) {
		start(YAML_WITH_DISABLED.formatted("true"), UnknownName.class);
		assertThat(text(output)).isEqualTo(DISABLED);
	}

	@Test
	void whenAllDatabasesAreDisabledThenItSaysWhereAndHowToEnableThem(CapturedOutput output) {
		start(YAML_WITH_DISABLED.formatted("false"), UnknownName.class);
		assertThat(text(output)).isEqualTo(DISABLED);
	}

	@Test
	void whenTheCandidatesAreNotAllOursThenTheAnalysisIsBoots(CapturedOutput output) {
		start(UnqualifiedDataSource.class, OtherDataSources.class);
		assertThat(text(output)).startsWith(
				"Parameter 0 of constructor in %sUnqualifiedDataSource required a single bean, but 2 were found:"
					.formatted(PREFIX));
	}

	@Test
	void whenThereIsOneDatabaseThenAMissingWellKnownBeanIsNotItsFault(CapturedOutput output) {
		start("app.dbs.orders.url: embedded:h2", Jpa.class);
		assertThat(text(output))
			.startsWith("A component required a bean named 'entityManagerFactory' that could not be found.");
	}

	private static void start(Class<?>... components) {
		start("""
				app:
				  dbs:
				    orders.url: embedded:h2
				    audit.url: embedded:h2
				    catalog.url: embedded:mongodb
				""", components);
	}

	private static void start(String yaml, Class<?>... components) {
		SpringApplication application = new SpringApplication(Application.class);
		application.addPrimarySources(List.of(components));
		application.setEnvironment(EnvironmentBuilder.yaml(yaml).build());
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--spring.data.jpa.repositories.enabled=false",
				"--spring.autoconfigure.exclude=org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"));
	}

	private static String text(CapturedOutput output) {
		assertThat(output.getAll()).contains("Description:\n\n");
		String text = output.getAll().substring(output.getAll().indexOf("Description:\n\n") + 14);
		return text.strip() + "\n";
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class UnknownName {

		UnknownName(@Qualifier("order") JdbcClient jdbcClient) {
		}

	}

	static class UnknownNameOfField {

		@Autowired
		@Qualifier("order")
		private DataSource dataSource;

	}

	static class JdbcClientOfMongo {

		JdbcClientOfMongo(@Qualifier("catalog") JdbcClient jdbcClient) {
		}

	}

	static class MongoTemplateOfRelational {

		MongoTemplateOfRelational(@Qualifier("orders") MongoTemplate template) {
		}

	}

	static class Unqualified {

		Unqualified(JdbcTemplate template) {
		}

	}

	static class UnqualifiedDataSource {

		UnqualifiedDataSource(DataSource it) {
		}

	}

	static class UnqualifiedTransactionManager {

		UnqualifiedTransactionManager(PlatformTransactionManager it) {
		}

	}

	@DependsOn("entityManagerFactory")
	static class Jpa {

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherDataSources {

		@Bean
		DataSource mine() {
			return new DriverManagerDataSource("jdbc:h2:mem:mine");
		}

		@Bean
		DataSource other() {
			return new DriverManagerDataSource("jdbc:h2:mem:other");
		}

	}

}
