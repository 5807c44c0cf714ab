package io.appdbs.autoconfigure.diagnostics;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.config.WrongConfiguration;
import io.appdbs.testsupport.EnvironmentBuilder;
import jakarta.annotation.Resource;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
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

	private static final String PREFIX = "io.appdbs.autoconfigure.diagnostics.DatabaseInjectionFailureAnalyzerTests$";

	static Stream<WrongConfiguration> configurations() throws IOException {
		return WrongConfiguration.readAll("classpath:io/appdbs/autoconfigure/failed-injections.txt");
	}

	/**
	 * Starts the components that the name of the configuration begins with.
	 */
	@ParameterizedTest(name = "{0}")
	@MethodSource("configurations")
	void isExplained(WrongConfiguration configuration, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(configuration.environment(), components(configuration)));
		assertThat(text(output)).isEqualTo(configuration.description() + "\n\nAction:\n\n" + configuration.action()
				+ "\n\nSee https://github.com/appdbs/appdbs/blob/main/docs/troubleshooting.md#no-bean-matches-an-injection-point\n");
	}

	static Stream<WrongConfiguration> correctableConfigurations() throws IOException {
		return configurations().filter((configuration) -> !configuration.changes().isEmpty());
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("correctableConfigurations")
	void whenTheConfigurationFollowsTheAdviceThenTheApplicationStarts(WrongConfiguration configuration) {
		List<String> next = configuration.changes().stream().filter((change) -> change.startsWith(">")).toList();
		run(configuration.corrected(),
				next.isEmpty() ? components(configuration) : components(next.get(0).substring(1).strip()))
			.close();
	}

	@Test
	void whenTheInjectionPointFollowsTheAdviceThenTheApplicationStarts() {
		run(DATABASES + "    order-archive.url: embedded:h2\n", OrderArchive.class, Resources.class).close();
	}

	@Test
	void whenNothingIsConfiguredThenAnUnqualifiedInjectionIsLeftToBoot(CapturedOutput output) {
		start("", MongoTransactions.class);
		assertThat(text(output)).contains("Consider defining a bean of type");
	}

	@Test
	void whenThereAreOnlyVariablesThenADatabaseThatIsDeclaredAsSuggestedUsesThem() {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml("app.dbs.orders.url: ${APP_DBS_ORDERS_URL}")
			.variable("APP_DBS_ORDERS_URL", "jdbc:h2:mem:variable")
			.build();
		try (ConfigurableApplicationContext context = run(environment, OrdersClient.class)) {
			assertThat(context.getBean("ordersJdbcClient", JdbcClient.class)
				.sql("SELECT DATABASE()")
				.query(String.class)
				.single()).isEqualTo("VARIABLE");
		}
	}

	@Test
	void whenACandidateIsNotOfADatabaseThenTheAnalysisIsBoots(CapturedOutput output) {
		start(DATABASES, UnqualifiedDataSource.class, OtherDataSources.class);
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

	private static Class<?>[] components(WrongConfiguration configuration) {
		return components(configuration.name().split(": ")[1]);
	}

	private static Class<?>[] components(String names) {
		return Stream.of(names.split(", "))
			.map((name) -> ClassUtils.resolveClassName(PREFIX + name, null))
			.toArray(Class<?>[]::new);
	}

	private static void start(String yaml, Class<?>... components) {
		assertThatException().isThrownBy(() -> run(yaml, components));
	}

	private static ConfigurableApplicationContext run(String yaml, Class<?>... components) {
		return run(EnvironmentBuilder.yaml(yaml).build(), components);
	}

	private static ConfigurableApplicationContext run(ConfigurableEnvironment environment, Class<?>... components) {
		SpringApplication application = new SpringApplication(Application.class);
		application.addPrimarySources(List.of(components));
		application.setEnvironment(environment);
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

	static class ContextOfMongo {

		ContextOfMongo(@Qualifier("catalog") DSLContext context) {
		}

	}

	static class UnqualifiedContext {

		UnqualifiedContext(DSLContext context) {
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

	static class ReactiveTemplateOfCatalog {

		ReactiveTemplateOfCatalog(@Qualifier("catalog") ReactiveMongoTemplate it) {
		}

	}

	static class ReactiveClient {

		ReactiveClient(com.mongodb.reactivestreams.client.MongoClient it) {
		}

	}

	static class FlywayOfOrders {

		FlywayOfOrders(@Qualifier("orders") Flyway it) {
		}

	}

	static class FlywayOfCatalog {

		FlywayOfCatalog(@Qualifier("catalog") Flyway it) {
		}

	}

	static class OneDatabase {

		OneDatabase(@Qualifier("orders") Database it) {
		}

	}

	static class EntityManagerOfOrders {

		EntityManagerOfOrders(@Qualifier("orders") EntityManager it) {
		}

	}

	static class AggregatesOfOrders {

		AggregatesOfOrders(@Qualifier("orders") JdbcAggregateTemplate it) {
		}

	}

	static class AggregatesOfOrder {

		AggregatesOfOrder(@Qualifier("order") JdbcAggregateTemplate it) {
		}

	}

	static class MisspeltUnit {

		@PersistenceContext(unitName = "order")
		private EntityManager it;

	}

	static class Unit {

		@PersistenceContext(unitName = "orders")
		private EntityManager it;

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
