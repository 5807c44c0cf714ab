package io.appdbs.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import io.appdbs.Databases;
import io.appdbs.testsupport.EnvironmentBuilder;
import jakarta.annotation.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.data.mongodb.MongoTransactionManager;
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

	private static final String DATABASES = """
			app:
			  dbs:
			    orders.url: embedded:h2
			    audit.url: embedded:h2
			    catalog.url: embedded:mongodb
			""";

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

				Did you mean 'orders'? Use one of the known names in @Qualifier, or configure the database with \
				'app.dbs.order.url'.
				""".formatted(PREFIX));
	}

	@Test
	void whenNoDatabaseHasTheNameOfAFieldThenTheKnownOnesAreListed(CapturedOutput output) {
		start(UnknownNameOfField.class);
		assertThat(text(output)).isEqualTo("""
				Field dataSource in %sUnknownNameOfField required a bean of type 'javax.sql.DataSource' of the \
				database 'order', and no database has that name. Known: orders, audit, catalog.

				Action:

				Did you mean 'orders'? Use one of the known names in @Qualifier, or configure the database with \
				'app.dbs.order.url'.
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

				Add @Qualifier with one of the known names to the injection point. If you set \
				'app.dbs.<name>.primary' to true instead, every other injection point of this type without qualifier \
				gets that database, too.
				""".formatted(PREFIX));
	}

	@Test
	void whenSeveralAndNoneIsPrimaryThenAnUnqualifiedDataSourceSaysSo(CapturedOutput output) {
		start(UnqualifiedDataSource.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sUnqualifiedDataSource required a bean of type \
				'javax.sql.DataSource' without saying of which database. Known: orders, audit.

				Action:

				Add @Qualifier with one of the known names to the injection point. If you set \
				'app.dbs.<name>.primary' to true instead, every other injection point of this type without qualifier \
				gets that database, too.
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

				Add @Qualifier with one of the known names to the injection point. If you set \
				'app.dbs.<name>.primary' to true instead, every other injection point of this type without qualifier \
				gets that database, too.
				""".formatted(PREFIX));
	}

	@Test
	void whenTheAdviceIsFollowedThenTheApplicationStarts() {
		run(DATABASES + "    order.url: embedded:h2\n", UnknownName.class, UnknownNameOfField.class).close();
		run(DATABASES + "    orders.primary: true\n", Unqualified.class, UnqualifiedDataSource.class,
				UnqualifiedTransactionManager.class)
			.close();
		run(DATABASES + "    order-archive.url: embedded:h2\n", OrderArchive.class).close();
		run(DATABASES, Resources.class).close();
	}

	@Test
	void whenAnInjectionPointWithinAnotherFailsThenTheInnerOneIsExplained(CapturedOutput output) {
		start(Outer.class, Inner.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sInner required a bean of type \
				'org.springframework.jdbc.core.simple.JdbcClient' without saying of which database. Known: orders, \
				audit.

				Action:

				Add @Qualifier with one of the known names to the injection point. If you set \
				'app.dbs.<name>.primary' to true instead, every other injection point of this type without qualifier \
				gets that database, too.
				""".formatted(PREFIX));
	}

	@Test
	void whenABeanLooksUpAnotherThenTheInjectionPointAroundIsNotExplained(CapturedOutput output) {
		start(Outer.class, LookUp.class);
		assertThat(text(output)).startsWith(
				"""
						Bean 'lookedUp' required a bean of type 'org.springframework.jdbc.core.simple.JdbcClient' without saying \
						of which database. Known: orders, audit.
						""");
	}

	@Test
	void whenTheQualifierIsOnAMethodThenItIsFound(CapturedOutput output) {
		start(QualifiedMethod.class);
		assertThat(text(output)).startsWith("""
				Parameter 0 of method setClient in %sQualifiedMethod required a bean of type \
				'org.springframework.jdbc.core.simple.JdbcClient' of the database 'order', and no database has that \
				name. Known: orders, audit, catalog.
				""".formatted(PREFIX));
	}

	@Test
	void whenTheQualifierIsTheNameInCamelCaseThenNoKeyIsSuggestedThatIsNotAllowed(CapturedOutput output) {
		start(DATABASES + "    order-archive.url: embedded:h2\n", CamelCase.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sCamelCase required a bean of type \
				'org.springframework.jdbc.core.simple.JdbcClient' of the database 'orderArchive', and no database has \
				that name. Known: orders, audit, catalog, order-archive.

				Action:

				Did you mean 'order-archive'? Use one of the known names in @Qualifier.
				""".formatted(PREFIX));
	}

	@Test
	void whenTheQualifierIsAMisspeltBeanNameThenTheBeanIsSuggested(CapturedOutput output) {
		start(MisspeltBeanName.class);
		assertThat(text(output))
			.endsWith("\n\nDid you mean 'ordersJdbcClient'? Use one of the known names in @Qualifier.\n");
	}

	@Test
	void whenTheDatabaseIsLeftOutThenItSaysSo(CapturedOutput output) {
		start("app.dbs-include: audit\n" + DATABASES, OrdersClient.class);
		assertThat(text(output)).isEqualTo(
				"""
						Parameter 0 of constructor in %sOrdersClient required a bean of type \
						'org.springframework.jdbc.core.simple.JdbcClient' of the database 'orders', which 'app.dbs-include' leaves \
						out. Known: audit.

						Action:

						Add 'orders' to 'app.dbs-include', or use one of the known names in @Qualifier.
						"""
					.formatted(PREFIX));
	}

	@Test
	void whenAResourceHasTheNameOfNoBeanThenTheNearestIsSuggested(CapturedOutput output) {
		start(MisspeltResource.class);
		assertThat(text(output)).isEqualTo("""
				Field client in %sMisspeltResource required a bean named 'ordres' of type \
				'org.springframework.jdbc.core.simple.JdbcClient', and no bean has that name.

				Action:

				Did you mean 'ordersJdbcClient'? Use the name of a bean in @Resource. Known: ordersJdbcClient, \
				auditJdbcClient.
				""".formatted(PREFIX));
	}

	@Test
	void whenAResourceOfAMethodHasTheNameOfADatabaseThenItsBeanIsSuggested(CapturedOutput output) {
		start(ResourceOfMethod.class);
		assertThat(text(output)).isEqualTo("""
				Method setManager in %sResourceOfMethod required a bean named 'audit' of type \
				'org.springframework.transaction.PlatformTransactionManager', and no bean has that name.

				Action:

				Did you mean 'auditTransactionManager'? Use the name of a bean in @Resource. Known: \
				ordersTransactionManager, auditTransactionManager, catalogTransactionManager.
				""".formatted(PREFIX));
	}

	@Test
	void whenAResourceHasNoNameThenItIsExplainedByItsType(CapturedOutput output) {
		start(UnnamedResource.class);
		assertThat(text(output)).startsWith("""
				Bean 'databaseInjectionFailureAnalyzerTests.UnnamedResource' required a bean of type \
				'org.springframework.jdbc.core.JdbcTemplate' without saying of which database. Known: orders, audit.
				""");
	}

	@Test
	void whenNothingIsConfiguredThenDatabasesSaysHowToConfigureOne(CapturedOutput output) {
		start("", AllDatabases.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sAllDatabases required a bean of type 'io.appdbs.Databases', and no \
				database is configured.

				Action:

				Configure the database with 'app.dbs.<name>.url'.
				""".formatted(PREFIX));
	}

	@Test
	void whenAllDatabasesAreDisabledThenDatabasesSaysSo(CapturedOutput output) {
		start("app.dbs.orders: { url: embedded:h2, enabled: false }", AllDatabases.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sAllDatabases required a bean of type 'io.appdbs.Databases', and all \
				databases are disabled: orders.

				Action:

				Set 'app.dbs.orders.enabled' to 'true', or remove the injection point.
				""".formatted(PREFIX));
	}

	@Test
	void whenNothingIsConfiguredThenAQualifierSaysHowToConfigureItsDatabase(CapturedOutput output) {
		start("", OrdersClient.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sOrdersClient required a bean of type \
				'org.springframework.jdbc.core.simple.JdbcClient' of the database 'orders', and no database is \
				configured.

				Action:

				Configure the database with 'app.dbs.orders.url'.
				""".formatted(PREFIX));
		run("app.dbs.orders.url: embedded:h2", OrdersClient.class, AllDatabases.class).close();
	}

	@Test
	void whenNothingIsConfiguredThenAQualifierThatIsNoNameSaysWhatWouldBe(CapturedOutput output) {
		start("", CamelCase.class);
		assertThat(text(output)).endsWith("""

				Configure the database with 'app.dbs.order-archive.url', and use its name in \
				@Qualifier("order-archive").
				""");
	}

	@Test
	void whenNothingIsConfiguredThenAnUnqualifiedInjectionIsNotOurs(CapturedOutput output) {
		start("", MongoTransactions.class);
		assertThat(text(output)).contains("Consider defining a bean of type");
	}

	@Test
	void whenThereAreOnlyVariablesThenTheyAreExplained(CapturedOutput output) {
		EnvironmentBuilder environment = EnvironmentBuilder.yaml("")
			.variable("APP_DBS_ORDERS_PASSWORD", "s3cr3t")
			.variable("APP_DBS_ORDERS_URL", "jdbc:h2:mem:variable");
		start(environment, OrdersClient.class);
		assertThat(text(output)).isEqualTo(
				"""
						Parameter 0 of constructor in %sOrdersClient required a bean of type \
						'org.springframework.jdbc.core.simple.JdbcClient' of the database 'orders', and no database is \
						configured. Ignored are APP_DBS_ORDERS_PASSWORD, APP_DBS_ORDERS_URL: an environment variable overrides a \
						key of a database, but does not declare a database.

						Action:

						Configure the database in a file, for example with 'app.dbs.orders.url=${APP_DBS_ORDERS_URL}' in \
						application.properties.
						"""
					.formatted(PREFIX));
	}

	@Test
	void whenThereAreOnlyVariablesThenADatabaseThatIsDeclaredAsAdvisedHasTheirValues() {
		EnvironmentBuilder environment = EnvironmentBuilder.yaml("app.dbs.orders.url: ${APP_DBS_ORDERS_URL}")
			.variable("APP_DBS_ORDERS_URL", "jdbc:h2:mem:variable");
		try (ConfigurableApplicationContext context = run(environment, OrdersClient.class)) {
			assertThat(context.getBean("ordersJdbcClient", JdbcClient.class)
				.sql("SELECT DATABASE()")
				.query(String.class)
				.single()).isEqualTo("VARIABLE");
		}
	}

	@Test
	void whenThereAreOnlyVariablesThenAnUnqualifiedInjectionIsExplainedToo(CapturedOutput output) {
		start(EnvironmentBuilder.yaml("").variable("APP_DBS_ORDER_ARCHIVE_URL", "jdbc:h2:mem:variable"),
				MongoTransactions.class);
		assertThat(text(output)).contains("and no database is configured. Ignored is APP_DBS_ORDER_ARCHIVE_URL: ")
			.endsWith("for example with 'app.dbs.order-archive.url=${APP_DBS_ORDER_ARCHIVE_URL}' in "
					+ "application.properties.\n");
	}

	@Test
	void whenAVariableIsOfADatabaseThatIsDeclaredThenItIsNotBlamed(CapturedOutput output) {
		start(EnvironmentBuilder.yaml(DATABASES + "    order-archive.url: embedded:h2\n")
			.variable("APP_DBS_ORDER_ARCHIVE_URL", "jdbc:h2:mem:variable"), UnknownName.class);
		assertThat(text(output)).contains("Known: orders, audit, catalog, order-archive.\n");
	}

	@Test
	void whenAVariableIsOfADatabaseThatIsNotDeclaredThenItIsExplained(CapturedOutput output) {
		start(EnvironmentBuilder.yaml(DATABASES).variable("APP_DBS_ORDER_URL", "jdbc:h2:mem:variable"),
				UnknownName.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sUnknownName required a bean of type \
				'org.springframework.jdbc.core.simple.JdbcClient' of the database 'order', and no database has that \
				name. Known: orders, audit, catalog. Ignored is APP_DBS_ORDER_URL: an environment variable overrides a \
				key of a database, but does not declare a database.

				Action:

				Did you mean 'orders'? Use one of the known names in @Qualifier, or configure the database in a file, \
				for example with 'app.dbs.order.url=${APP_DBS_ORDER_URL}' in application.properties.
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
		start(DATABASES, components);
	}

	private static void start(String yaml, Class<?>... components) {
		start(EnvironmentBuilder.yaml(yaml), components);
	}

	private static void start(EnvironmentBuilder environment, Class<?>... components) {
		assertThatException().isThrownBy(() -> run(environment, components));
	}

	private static ConfigurableApplicationContext run(String yaml, Class<?>... components) {
		return run(EnvironmentBuilder.yaml(yaml), components);
	}

	private static ConfigurableApplicationContext run(EnvironmentBuilder environment, Class<?>... components) {
		SpringApplication application = new SpringApplication(Application.class);
		application.addPrimarySources(List.of(components));
		application.setEnvironment(environment.build());
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run("--spring.data.jpa.repositories.enabled=false",
				"--spring.autoconfigure.exclude=org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration");
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

	static class Outer {

		Outer(@Qualifier("fast") Object cache) {
		}

	}

	@Qualifier("fast")
	static class Inner {

		Inner(JdbcClient it) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LookUp {

		@Bean
		@Qualifier("fast")
		Object lookedUp(BeanFactory beanFactory) {
			return beanFactory.getBean(JdbcClient.class);
		}

	}

	static class QualifiedMethod {

		@Autowired
		@Qualifier("order")
		void setClient(JdbcClient it) {
		}

	}

	static class CamelCase {

		CamelCase(@Qualifier("orderArchive") JdbcClient it) {
		}

	}

	static class OrderArchive {

		OrderArchive(@Qualifier("order-archive") JdbcClient it) {
		}

	}

	static class OrdersClient {

		OrdersClient(@Qualifier("orders") JdbcClient it) {
		}

	}

	static class MisspeltBeanName {

		MisspeltBeanName(@Qualifier("orderJdbcClient") JdbcClient it) {
		}

	}

	static class MisspeltResource {

		@Resource(name = "ordres")
		private JdbcClient client;

	}

	static class ResourceOfMethod {

		@Resource(name = "audit")
		void setManager(PlatformTransactionManager it) {
		}

	}

	static class UnnamedResource {

		@Resource
		private JdbcTemplate it;

	}

	static class Resources {

		@Resource(name = "ordersJdbcClient")
		private JdbcClient client;

		@Resource(name = "auditTransactionManager")
		private PlatformTransactionManager manager;

	}

	static class AllDatabases {

		AllDatabases(Databases it) {
		}

	}

	static class MongoTransactions {

		MongoTransactions(MongoTransactionManager it) {
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
