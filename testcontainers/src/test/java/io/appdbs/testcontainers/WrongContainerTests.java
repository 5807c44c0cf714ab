package io.appdbs.testcontainers;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for invalid declarations of containers. No container is started, so these tests
 * do not need Docker.
 */
class WrongContainerTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					TwoForOneName | | Database 'orders' has two containers: bean 'one' and bean 'other'. | \
					Remove one of the declarations, or change its name to that of another database.
					Misspelt | app.dbs.orders.url=postgresql://localhost/orders app.dbs.audit.primary=true | \
					Database 'ordres', declared by bean 'ordresContainer', is not used by the application. Known: orders, audit. | \
					Use one of the known names, or configure the database, for example with 'app.dbs.ordres.required'.
					UpperCase | | Database 'Orders', declared by bean 'container': the name is not allowed. | \
					Rename it there. A name begins with a lower-case letter, followed by lower-case letters, digits and hyphens.
					Redis | | Database 'orders': bean 'container' is of type org.testcontainers.containers.GenericContainer, \
					which is not a database container. | \
					Declare a MongoDBContainer or a subclass of JdbcDatabaseContainer, for example a PostgreSQLContainer, and \
					declare it as that type.
					""")
	void whenADeclarationIsInvalidThenTheMessageSaysWhyAndHowToFixIt(String configuration, @Nullable String properties,
			String message, String action) {
		assertThat(failureOf(configuration, properties)).isEqualTo(message + "\n" + action);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			Postgres | engine | cockroachdb | PostgreSQL | is 'cockroachdb'
			Cockroach | engine | postgresql | CockroachDB | is 'postgresql'
			MySql | url | postgresql://app:s3cr3t@localhost/orders | MySQL | is a URL for PostgreSQL
			Postgres | url | embedded:h2?data-dir=data | PostgreSQL | is a URL for H2
			Mongo | url | postgresql://localhost/orders | MongoDB | is a URL for PostgreSQL
			""")
	void whenTheContainerRunsAnotherEngineThenBothAreNamed(String configuration, String key, String value,
			String engine, String configured) {
		assertThat(failureOf(configuration, "app.dbs.orders." + key + "=" + value)).isEqualTo("""
				Database 'orders': bean 'container' runs %s, but 'app.dbs.orders.%s' %s.
				Declare a container with the configured engine, or correct 'app.dbs.orders.%2$s'.""".formatted(engine,
				key, configured));
	}

	@Test
	void whenAFieldIsNotStaticThenItIsRejected() {
		assertThat(text(catchThrowable(() -> new TestContextManager(InstanceField.class)))).isEqualTo(
				"""
						Database 'orders': field 'container' of io.appdbs.testcontainers.WrongContainerTests$InstanceField is not static.
						Make the field static, since tests share a context.""");
	}

	@Test
	void whenAFieldIsNullThenItIsRejected() {
		assertThat(text(catchThrowable(() -> new TestContextManager(NullField.class)))).isEqualTo("""
				Database 'orders': field 'container' of io.appdbs.testcontainers.WrongContainerTests$NullField is null.
				Create the container in the declaration of the field.""");
	}

	private static String failureOf(String configuration, @Nullable String properties) {
		String[] text = new String[1];
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DatabaseContainersAutoConfiguration.class, DatabasesAutoConfiguration.class))
			.withUserConfiguration(
					ClassUtils.resolveClassName(WrongContainerTests.class.getName() + "$" + configuration, null))
			.withPropertyValues((properties != null) ? properties.split(" ") : new String[0])
			.run((context) -> text[0] = text(context.getStartupFailure()));
		return text[0];
	}

	/**
	 * Returns the failure analysis of an application.
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
		String address = "\n\nSee " + TroubleshootingSection.CONTAINER.getAddress();
		assertThat(analysis.getAction()).endsWith(address);
		return analysis.getDescription() + "\n" + analysis.getAction().replace(address, "");
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
