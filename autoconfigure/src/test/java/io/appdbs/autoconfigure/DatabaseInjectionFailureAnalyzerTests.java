package io.appdbs.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import io.appdbs.Databases;
import io.appdbs.testsupport.EnvironmentBuilder;
import jakarta.annotation.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
import org.springframework.util.ClassUtils;

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

	@ParameterizedTest
	@CsvSource(textBlock = """
			UnknownName, Parameter 0 of constructor in, org.springframework.jdbc.core.simple.JdbcClient
			UnknownNameOfField, Field dataSource in, javax.sql.DataSource
			QualifiedMethod, Parameter 0 of method setClient in, org.springframework.jdbc.core.simple.JdbcClient
			""")
	void whenNoDatabaseHasTheNameThenTheKnownOnesAreListed(String component, String point, String type,
			CapturedOutput output) {
		start(component(component));
		assertThat(text(output)).isEqualTo("""
				%s %s%s required a bean of type '%s' of the database 'order', but no database has that name. \
				Known: orders, audit, catalog.

				Action:

				Did you mean 'orders'? Use one of the known names in @Qualifier, or configure the database with \
				'app.dbs.order.url'.
				""".formatted(point, PREFIX, component, type));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					JdbcClientOfMongo | jdbc.core.simple.JdbcClient | catalog | MongoDB | MongoClient, MongoDatabaseFactory, \
					MongoTemplate, MongoOperations, MongoTransactionManager
					MongoTemplateOfRelational | data.mongodb.core.MongoTemplate | orders | relational | DataSource, JdbcTemplate, \
					JdbcOperations, NamedParameterJdbcTemplate, NamedParameterJdbcOperations, JdbcClient
					""")
	void whenTheDatabaseIsOfAnotherKindThenItsBeansAreListed(String component, String type, String database,
			String kind, String beans, CapturedOutput output) {
		start(component(component));
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %s%s required a bean of type 'org.springframework.%s' of the database \
				'%s', which is a %s database and has no such bean.

				Action:

				Inject one of %s, PlatformTransactionManager, TransactionTemplate, or use the name of another \
				database. Known databases: orders, audit, catalog.
				""".formatted(PREFIX, component, type, database, kind, beans));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Unqualified | org.springframework.jdbc.core.JdbcTemplate | orders, audit
			UnqualifiedDataSource | javax.sql.DataSource | orders, audit
			UnqualifiedTransactionManager | org.springframework.transaction.PlatformTransactionManager | \
			orders, audit, catalog
			""")
	void whenNoDatabaseIsPrimaryThenAnUnqualifiedInjectionIsExplained(String component, String type, String names,
			CapturedOutput output) {
		start(component(component));
		assertUnqualified(output, component, type, names);
	}

	private static void assertUnqualified(CapturedOutput output, String component, String type, String names) {
		assertThat(text(output)).isEqualTo(
				"""
						Parameter 0 of constructor in %s%s required a bean of type '%s' without a qualifier, which is needed to \
						select one of the databases: %s.

						Action:

						Add @Qualifier with one of these names to the injection point. Alternatively, set \
						'app.dbs.<name>.primary' to true: every injection point of this type without qualifier then gets that \
						database.
						"""
					.formatted(PREFIX, component, type, names));
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
		assertUnqualified(output, "Inner", "org.springframework.jdbc.core.simple.JdbcClient", "orders, audit");
	}

	@Test
	void whenABeanLooksUpAnotherThenTheOuterInjectionPointIsNotExplained(CapturedOutput output) {
		start(Outer.class, LookUp.class);
		assertThat(text(output)).startsWith(
				"""
						Bean 'lookedUp' required a bean of type 'org.springframework.jdbc.core.simple.JdbcClient' without a qualifier, which is needed to select one of the databases: orders, audit.
						""");
	}

	@Test
	void whenTheQualifierIsTheNameInCamelCaseThenNoKeyIsSuggestedThatIsNotAllowed(CapturedOutput output) {
		start(DATABASES + "    order-archive.url: embedded:h2\n", CamelCase.class);
		assertThat(text(output)).isEqualTo(
				"""
						Parameter 0 of constructor in %sCamelCase required a bean of type \
						'org.springframework.jdbc.core.simple.JdbcClient' of the database 'orderArchive', but no database has that name. Known: orders, audit, catalog, order-archive.

						Action:

						Did you mean 'order-archive'? Use one of the known names in @Qualifier.
						"""
					.formatted(PREFIX));
	}

	@Test
	void whenTheQualifierIsAMisspeltBeanNameThenTheBeanIsSuggested(CapturedOutput output) {
		start(MisspeltBeanName.class);
		assertThat(text(output))
			.endsWith("\n\nDid you mean 'ordersJdbcClient'? Use one of the known names in @Qualifier.\n");
	}

	@Test
	void whenTheDatabaseIsExcludedThenTheAnalysisSaysSo(CapturedOutput output) {
		start("app.dbs-include: audit\n" + DATABASES, OrdersClient.class);
		assertThat(text(output)).isEqualTo("""
				Parameter 0 of constructor in %sOrdersClient required a bean of type \
				'org.springframework.jdbc.core.simple.JdbcClient' of the database 'orders', which is not in \
				'app.dbs-include'. Known: audit.

				Action:

				Add 'orders' to 'app.dbs-include', or use one of the known names in @Qualifier.
				""".formatted(PREFIX));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					MisspeltResource | Field client | ordres | org.springframework.jdbc.core.simple.JdbcClient | \
					ordersJdbcClient | ordersJdbcClient, auditJdbcClient
					ResourceOfMethod | Method setManager | audit | org.springframework.transaction.PlatformTransactionManager | \
					auditTransactionManager | ordersTransactionManager, auditTransactionManager, catalogTransactionManager
					""")
	void whenAResourceHasTheNameOfNoBeanThenTheNearestIsSuggested(String component, String point, String name,
			String type, String nearest, String known, CapturedOutput output) {
		start(component(component));
		assertThat(text(output)).isEqualTo("""
				%s in %s%s required a bean named '%s' of type '%s', and no bean has that name.

				Action:

				Did you mean '%s'? Use the name of a bean in @Resource. Known names: %s.
				""".formatted(point, PREFIX, component, name, type, nearest, known));
	}

	@Test
	void whenAResourceHasNoNameThenItIsExplainedByItsType(CapturedOutput output) {
		start(UnnamedResource.class);
		assertThat(text(output)).startsWith(
				"""
						Bean 'databaseInjectionFailureAnalyzerTests.UnnamedResource' required a bean of type \
						'org.springframework.jdbc.core.JdbcTemplate' without a qualifier, which is needed to select one of the databases: orders, audit.
						""");
	}

	@Test
	void whenNothingIsConfiguredThenDatabasesSaysHowToConfigureOne(CapturedOutput output) {
		start("", AllDatabases.class);
		assertThat(text(output)).isEqualTo(
				"""
						Parameter 0 of constructor in %sAllDatabases required a bean of type 'io.appdbs.Databases', but no database is configured.

						Action:

						Configure the database with 'app.dbs.<name>.url'.
						"""
					.formatted(PREFIX));
	}

	@Test
	void whenAllDatabasesAreDisabledThenDatabasesSaysSo(CapturedOutput output) {
		start("app.dbs.orders: { url: embedded:h2, enabled: false }", AllDatabases.class);
		assertThat(text(output)).isEqualTo(
				"""
						Parameter 0 of constructor in %sAllDatabases required a bean of type 'io.appdbs.Databases', but all databases are disabled: orders.

						Action:

						Set 'app.dbs.orders.enabled' to 'true', or remove the injection point.
						"""
					.formatted(PREFIX));
	}

	@Test
	void whenNothingIsConfiguredThenAQualifierSaysHowToConfigureItsDatabase(CapturedOutput output) {
		start("", OrdersClient.class);
		assertThat(text(output)).isEqualTo(
				"""
						Parameter 0 of constructor in %sOrdersClient required a bean of type \
						'org.springframework.jdbc.core.simple.JdbcClient' of the database 'orders', but no database is configured.

						Action:

						Configure the database with 'app.dbs.orders.url'.
						"""
					.formatted(PREFIX));
		run("app.dbs.orders.url: embedded:h2", OrdersClient.class, AllDatabases.class).close();
	}

	@Test
	void whenNothingIsConfiguredThenAValidNameIsSuggestedForAnInvalidQualifier(CapturedOutput output) {
		start("", CamelCase.class);
		assertThat(text(output)).endsWith("""

				Configure the database with 'app.dbs.order-archive.url', and use its name in \
				@Qualifier("order-archive").
				""");
	}

	@Test
	void whenNothingIsConfiguredThenAnUnqualifiedInjectionIsLeftToBoot(CapturedOutput output) {
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
						'org.springframework.jdbc.core.simple.JdbcClient' of the database 'orders', but no database is configured. Ignored variables: APP_DBS_ORDERS_PASSWORD, APP_DBS_ORDERS_URL. An environment variable overrides a \
						key of a database, but does not declare a database.

						Action:

						Configure the database in a file, for example with 'app.dbs.orders.url=${APP_DBS_ORDERS_URL}' in \
						application.properties.
						"""
					.formatted(PREFIX));
	}

	@Test
	void whenThereAreOnlyVariablesThenADatabaseThatIsDeclaredAsSuggestedUsesThem() {
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
	void whenThereAreOnlyVariablesThenAnUnqualifiedInjectionIsExplained(CapturedOutput output) {
		start(EnvironmentBuilder.yaml("").variable("APP_DBS_ORDER_ARCHIVE_URL", "jdbc:h2:mem:variable"),
				MongoTransactions.class);
		assertThat(text(output))
			.contains("but no database is configured. Ignored variable: APP_DBS_ORDER_ARCHIVE_URL. ")
			.endsWith("for example with 'app.dbs.order-archive.url=${APP_DBS_ORDER_ARCHIVE_URL}' in "
					+ "application.properties.\n");
	}

	@Test
	void whenAVariableIsOfADatabaseThatIsDeclaredThenItIsNotMentioned(CapturedOutput output) {
		start(EnvironmentBuilder.yaml(DATABASES + "    order-archive.url: embedded:h2\n")
			.variable("APP_DBS_ORDER_ARCHIVE_URL", "jdbc:h2:mem:variable"), UnknownName.class);
		assertThat(text(output)).contains("Known: orders, audit, catalog, order-archive.\n");
	}

	@Test
	void whenAVariableIsOfADatabaseThatIsNotDeclaredThenItIsExplained(CapturedOutput output) {
		start(EnvironmentBuilder.yaml(DATABASES).variable("APP_DBS_ORDER_URL", "jdbc:h2:mem:variable"),
				UnknownName.class);
		assertThat(text(output)).isEqualTo(
				"""
						Parameter 0 of constructor in %sUnknownName required a bean of type \
						'org.springframework.jdbc.core.simple.JdbcClient' of the database 'order', but no database has that name. Known: orders, audit, catalog. Ignored variable: APP_DBS_ORDER_URL. An environment variable overrides a \
						key of a database, but does not declare a database.

						Action:

						Did you mean 'orders'? Use one of the known names in @Qualifier, or configure the database in a file, \
						for example with 'app.dbs.order.url=${APP_DBS_ORDER_URL}' in application.properties.
						"""
					.formatted(PREFIX));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whenTheDatabaseIsDisabledThenItSaysWhereAndHowToEnableIt(boolean othersEnabled, CapturedOutput output) {
		start(YAML_WITH_DISABLED.formatted(othersEnabled), UnknownName.class);
		assertThat(text(output)).isEqualTo(DISABLED);
	}

	@Test
	void whenACandidateIsNotOfADatabaseThenTheAnalysisIsBoots(CapturedOutput output) {
		start(UnqualifiedDataSource.class, OtherDataSources.class);
		assertThat(text(output)).startsWith(
				"Parameter 0 of constructor in %sUnqualifiedDataSource required a single bean, but 2 were found:"
					.formatted(PREFIX));
	}

	@Test
	void whenThereIsOneDatabaseThenAMissingWellKnownBeanIsLeftToBoot(CapturedOutput output) {
		start("app.dbs.orders.url: embedded:h2", Jpa.class);
		assertThat(text(output))
			.startsWith("A component required a bean named 'entityManagerFactory' that could not be found.");
	}

	private static Class<?> component(String name) {
		return ClassUtils.resolveClassName(PREFIX + name, null);
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
