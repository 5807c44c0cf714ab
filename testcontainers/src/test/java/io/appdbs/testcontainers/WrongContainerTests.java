package io.appdbs.testcontainers;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.testcontainers.cockroachdb.CockroachContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.mongodb.MongoDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What is shown where containers are declared that cannot be what was meant. No container
 * is started, so none of this needs Docker.
 */
class WrongContainerTests {

	@Test
	void whenTwoContainersAreDeclaredForOneNameThenBothAreNamed() {
		assertThat(failureOf(TwoForOneName.class)).isEqualTo("""
				Database 'orders' has two containers: bean 'one' and bean 'other'.
				Remove one of the declarations, or change its name to that of another database.""");
	}

	@Test
	void whenNothingUsesANameThenTheKnownOnesAreListed() {
		assertThat(failureOf(Misspelt.class, "app.dbs.orders.url=postgresql://localhost/orders",
				"app.dbs.audit.primary=true"))
			.isEqualTo(
					"""
							Database 'ordres', declared by bean 'ordresContainer', is not used by the application. Known: orders, audit.
							Use one of the known names, or configure the database, for example with 'app.dbs.ordres.required'.""");
	}

	@Test
	void whenTheEngineIsAnotherThenItIsNamed() {
		assertThat(failureOf(Postgres.class, "app.dbs.orders.engine=cockroachdb")).isEqualTo("""
				Database 'orders': bean 'container' runs PostgreSQL, but 'app.dbs.orders.engine' is 'cockroachdb'.
				Declare a container with the configured engine, or correct 'app.dbs.orders.engine'.""");
		assertThat(failureOf(Cockroach.class, "app.dbs.orders.engine=postgresql")).isEqualTo("""
				Database 'orders': bean 'container' runs CockroachDB, but 'app.dbs.orders.engine' is 'postgresql'.
				Declare a container with the configured engine, or correct 'app.dbs.orders.engine'.""");
	}

	@Test
	void whenTheUrlIsOfAnotherEngineThenItIsNamed() {
		assertThat(failureOf(MySql.class, "app.dbs.orders.url=postgresql://app:s3cr3t@localhost/orders")).isEqualTo("""
				Database 'orders': bean 'container' runs MySQL, but 'app.dbs.orders.url' is a URL for PostgreSQL.
				Declare a container with the configured engine, or correct 'app.dbs.orders.url'.""");
		assertThat(failureOf(Postgres.class, "app.dbs.orders.url=embedded:h2?data-dir=data")).isEqualTo("""
				Database 'orders': bean 'container' runs PostgreSQL, but 'app.dbs.orders.url' is a URL for H2.
				Declare a container with the configured engine, or correct 'app.dbs.orders.url'.""");
		assertThat(failureOf(Mongo.class, "app.dbs.orders.url=postgresql://localhost/orders")).isEqualTo("""
				Database 'orders': bean 'container' runs MongoDB, but 'app.dbs.orders.url' is a URL for PostgreSQL.
				Declare a container with the configured engine, or correct 'app.dbs.orders.url'.""");
	}

	@Test
	void whenANameIsNotAllowedThenTheRuleIsTold() {
		assertThat(failureOf(UpperCase.class)).isEqualTo(
				"""
						Database 'Orders', declared by bean 'container': the name is not allowed.
						Rename it there. A name begins with a lower-case letter, followed by lower-case letters, digits and hyphens.""");
	}

	@Test
	void whenAContainerHasNoDatabaseThenThatIsSaid() {
		assertThat(failureOf(Redis.class)).isEqualTo(
				"""
						Database 'orders': bean 'container' is of type org.testcontainers.containers.GenericContainer, which is not a database container.
						Declare a MongoDBContainer or a subclass of JdbcDatabaseContainer, for example a PostgreSQLContainer, and declare it as that type.""");
	}

	@Test
	void whenAFieldIsNotStaticThenThatIsSaid() {
		assertThat(text(catchThrowable(() -> new TestContextManager(InstanceField.class)))).isEqualTo(
				"""
						Database 'orders': field 'container' of io.appdbs.testcontainers.WrongContainerTests$InstanceField is not static.
						Make the field static, since tests share a context.""");
	}

	@Test
	void whenAFieldIsNullThenThatIsSaid() {
		assertThat(text(catchThrowable(() -> new TestContextManager(NullField.class)))).isEqualTo("""
				Database 'orders': field 'container' of io.appdbs.testcontainers.WrongContainerTests$NullField is null.
				Create the container in the declaration of the field.""");
	}

	private static ApplicationContextRunner runner(Class<?> configuration, String... properties) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DatabaseContainersAutoConfiguration.class, DatabasesAutoConfiguration.class))
			.withUserConfiguration(configuration)
			.withPropertyValues(properties);
	}

	private static String failureOf(Class<?> configuration, String... properties) {
		String[] text = new String[1];
		runner(configuration, properties).run((context) -> text[0] = text(context.getStartupFailure()));
		return text[0];
	}

	/**
	 * The failure analysis as the analyzers that an application has make it.
	 */
	private static String text(Throwable failure) {
		assertThat(failure).isNotNull();
		FailureAnalysis analysis = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, ArgumentResolver.of(Environment.class, new StandardEnvironment()),
					(type, name, error) -> {
					})
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter((each) -> each != null && each.getCause() instanceof InvalidDatabaseConfigurationException)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No analysis", failure));
		return analysis.getDescription() + "\n" + analysis.getAction();
	}

	static class TwoForOneName {

		@Bean
		@DatabaseContainer("orders")
		PostgreSQLContainer one() {
			return new PostgreSQLContainer("postgres");
		}

		@Bean
		@DatabaseContainer("orders")
		MySQLContainer other() {
			return new MySQLContainer("mysql");
		}

	}

	static class Misspelt {

		@Bean
		@DatabaseContainer("ordres")
		PostgreSQLContainer ordresContainer() {
			return new PostgreSQLContainer("postgres");
		}

	}

	static class Postgres {

		@Bean
		@DatabaseContainer("orders")
		PostgreSQLContainer container() {
			return new PostgreSQLContainer("postgres");
		}

	}

	static class Cockroach {

		@Bean
		@DatabaseContainer("orders")
		CockroachContainer container() {
			return new CockroachContainer("cockroachdb/cockroach");
		}

	}

	static class MySql {

		@Bean
		@DatabaseContainer("orders")
		MySQLContainer container() {
			return new MySQLContainer("mysql");
		}

	}

	static class Mongo {

		@Bean
		@DatabaseContainer("orders")
		MongoDBContainer container() {
			return new MongoDBContainer("mongo");
		}

	}

	static class UpperCase {

		@Bean
		@DatabaseContainer("Orders")
		PostgreSQLContainer container() {
			return new PostgreSQLContainer("postgres");
		}

	}

	static class Redis {

		@Bean
		@DatabaseContainer("orders")
		GenericContainer<?> container() {
			return new GenericContainer<>("redis");
		}

	}

	@SpringBootTest(classes = Postgres.class)
	static class InstanceField {

		@DatabaseContainer("orders")
		private final PostgreSQLContainer container = new PostgreSQLContainer("postgres");

	}

	@SpringBootTest(classes = Postgres.class)
	static class NullField {

		@DatabaseContainer("orders")
		private static PostgreSQLContainer container;

	}

}
