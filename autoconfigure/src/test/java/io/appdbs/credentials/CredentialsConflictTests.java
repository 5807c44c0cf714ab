package io.appdbs.credentials;

import javax.sql.DataSource;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyses of ambiguous credentials of a database.
 */
class CredentialsConflictTests {

	@Test
	void whenABeanAndAFileSupplyTheCredentialsThenTheyAreRejected() {
		assertThat(startFailureOf(One.class, "app.dbs.orders.credentials.password-file=/secrets/password")).isEqualTo(
				"""
						Database 'orders': 'app.dbs.orders.credentials.password-file' is set, but the bean 'one' supplies its credentials.
						Remove 'app.dbs.orders.credentials.password-file', or the bean.""");
	}

	@Test
	void whenSeveralBeansSupplyTheCredentialsThenTheyAreRejected() {
		assertThat(startFailureOf(Two.class)).isEqualTo("""
				Database 'orders': the beans one, other could all supply its credentials.
				Add @Qualifier("orders") to exactly one of them.""");
	}

	@Test
	void whenABeanOfTheApplicationReplacesTheDatabaseThenAProviderIsRejected() {
		assertThat(startFailureOf(Replaced.class)).isEqualTo(
				"""
						Database 'orders': the bean 'one' supplies its credentials, but a DataSource or MongoClient bean of the application replaces the database and has its own credentials.
						Remove 'one', or the bean that replaces the database.""");
	}

	@Test
	void whenABeanOfTheApplicationReplacesTheDatabaseThenAFileIsRejected() {
		assertThat(startFailureOf(OwnDataSource.class, "app.dbs.orders.credentials.password-file=/secrets/password"))
			.isEqualTo(
					"""
							Database 'orders': 'app.dbs.orders.credentials.password-file' is set, but a DataSource or MongoClient bean of the application replaces the database and has its own credentials.
							Remove 'app.dbs.orders.credentials.password-file', or the bean that replaces the database.""");
	}

	private static String startFailureOf(Class<?> configuration, String... properties) {
		StringBuilder text = new StringBuilder();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withUserConfiguration(configuration)
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:invalid-credentials")
			.withPropertyValues(properties)
			.run((context) -> {
				FailureAnalysis analysis = FailureText.analyze(context.getStartupFailure());
				assertThat(analysis).isNotNull();
				text.append(analysis.getDescription()).append('\n').append(analysis.getAction());
			});
		return text.toString();
	}

	@Configuration(proxyBeanMethods = false)
	static class One {

		@Bean
		@Qualifier("orders")
		DatabaseCredentialsProvider one() {
			return (name) -> new DatabaseCredentials("one", "");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Two {

		@Bean
		DatabaseCredentialsProvider one() {
			return (name) -> new DatabaseCredentials("one", "");
		}

		@Bean
		DatabaseCredentialsProvider other() {
			return (name) -> new DatabaseCredentials("other", "");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		@Qualifier("orders")
		DataSource own() {
			return new SimpleDriverDataSource();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Replaced extends OwnDataSource {

		@Bean
		@Qualifier("orders")
		DatabaseCredentialsProvider one() {
			return (name) -> new DatabaseCredentials("one", "");
		}

	}

}
