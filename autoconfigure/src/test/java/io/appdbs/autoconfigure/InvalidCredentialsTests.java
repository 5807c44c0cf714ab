package io.appdbs.autoconfigure;

import javax.sql.DataSource;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of credentials that cannot be meant.
 */
class InvalidCredentialsTests {

	@Test
	void whenThereIsAFileForTheUsernameAloneThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      credentials:
				        username-file: /secrets/username
				""")).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.credentials.username-file' is set, but 'app.dbs.orders.credentials.password-file' is not.

						    Origin: Byte array resource [application.yml] - 6:24

						Action:

						Set 'app.dbs.orders.credentials.password-file' as well, or write the username as 'app.dbs.orders.username'.
						""");
	}

	@Test
	void whenThereIsAPasswordBesideTheFileThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      username: anna
				      password: s3cr3t
				      credentials:
				        password-file: /secrets/password
				""")).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.credentials.password-file' and 'app.dbs.orders.password' both have a password.

						    Origin: Byte array resource [application.yml] - 8:24

						Action:

						Remove 'app.dbs.orders.password' if the password can change, or else 'app.dbs.orders.credentials.password-file'.
						""");
	}

	@Test
	void whenTheUrlHasTheUsernameBesideTheFileThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://anna@localhost/orders
				      credentials:
				        username-file: /secrets/username
				        password-file: /secrets/password
				""")).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.credentials.username-file' and the URL 'app.dbs.orders.url' both have a username.

						    Origin: Byte array resource [application.yml] - 6:24

						Action:

						Remove the username from 'app.dbs.orders.url' if it can change, or else 'app.dbs.orders.credentials.username-file'.
						""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "refresh-interval", "timeout" })
	void whenADurationIsZeroThenItIsRefused(String key) {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      credentials:
				        %s: 0s
				""".formatted(key))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.credentials.%s' is '0s', but must be at least 1ms.

				    Origin: Byte array resource [application.yml] - 6:%d

				Action:

				Write 1ms or more.
				""".formatted(key, key.length() + 11));
	}

	@Test
	void whenConnectionsAreToRetireBeforeTheyAreReplacedThenItIsRefused() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      credentials:
				        retire-after: -1s
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.credentials.retire-after' is '-1s', but must be at least 0s.

				    Origin: Byte array resource [application.yml] - 6:23

				Action:

				Write 0s or more.
				""");
	}

	@Test
	void whenABeanAndAFileSupplyTheCredentialsThenItIsRefused() {
		assertThat(startFailureOf(One.class, "app.dbs.orders.credentials.password-file=/secrets/password")).isEqualTo(
				"""
						Database 'orders': 'app.dbs.orders.credentials.password-file' is set, but the bean 'one' supplies its credentials.
						Remove 'app.dbs.orders.credentials.password-file', or the bean.""");
	}

	@Test
	void whenSeveralBeansSupplyTheCredentialsThenItIsRefused() {
		assertThat(startFailureOf(Two.class)).isEqualTo("""
				Database 'orders': the beans one, other could all supply its credentials.
				Add @Qualifier("orders") to one of them, and to no other.""");
	}

	@Test
	void whenABeanOfTheApplicationStandsForTheDatabaseThenAProviderIsRefused() {
		assertThat(startFailureOf(Replaced.class)).isEqualTo(
				"""
						Database 'orders': the bean 'one' supplies its credentials, but a DataSource or MongoClient bean of the application stands for the database and has credentials of its own.
						Remove 'one', or the bean that stands for the database.""");
	}

	@Test
	void whenABeanOfTheApplicationStandsForTheDatabaseThenAFileIsRefused() {
		assertThat(startFailureOf(OwnDataSource.class, "app.dbs.orders.credentials.password-file=/secrets/password"))
			.isEqualTo(
					"""
							Database 'orders': 'app.dbs.orders.credentials.password-file' is set, but a DataSource or MongoClient bean of the application stands for the database and has credentials of its own.
							Remove 'app.dbs.orders.credentials.password-file', or the bean that stands for the database.""");
	}

	private static String startFailureOf(Class<?> configuration, String... properties) {
		StringBuilder text = new StringBuilder();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withUserConfiguration(configuration)
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:invalid-credentials")
			.withPropertyValues(properties)
			.run((context) -> {
				FailureAnalysis analysis = new DatabaseFailureAnalyzer().analyze(context.getStartupFailure());
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
