package io.appdbs.credentials;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.Database;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.Databases;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for credentials of databases that are added at run time.
 */
class RuntimeCredentialsTests extends AbstractCredentialsTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs-runtime.template.credentials.refresh-interval=50ms",
				"app.dbs-runtime.template.privileges.verify=off");

	@Test
	void whenTheSecretIsReplacedThenTheDatabaseUsesTheNewOneUntilItIsRemoved(@TempDir Path folder) throws Exception {
		SecretFolder secret = new SecretFolder(folder);
		secret.write("anna", "s3cr3t-anna-0\n");
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database acme = add(databases, "acme",
					RuntimeDatabaseSettings.ofUrl(serverUrl())
						.set("credentials.username-file", secret.usernameFile())
						.set("credentials.password-file", secret.passwordFile()));
			assertThat(user(acme)).isEqualTo("anna");
			secret.write("bert", "s3cr3t-bert-0\n");
			TestDatabases.await(() -> acme.getSnapshot().credentials().rotations() == 1);
			assertThat(user(acme)).isEqualTo("bert");
			TestDatabases.await(() -> connections("anna") == 0);
			databases.remove("acme");
			assertThat(connections("bert")).isZero();
			TestDatabases.awaitNoThreads("acme");
		});
	}

	/**
	 * A provider under the name of another database would send the login of one tenant to
	 * the server of another.
	 */
	@Test
	void aProviderIsAskedForItsDatabaseOnlyAndNotAfterTheRemoval() {
		this.runner.withUserConfiguration(Providers.class).run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Providers providers = context.getBean(Providers.class);
			RuntimeDatabaseSettings settings = RuntimeDatabaseSettings.ofUrl(serverUrl());
			assertThat(user(add(databases, "other", settings.login("postgres", "any")))).isEqualTo("postgres");
			assertThat(providers.acme).hasValue(0);
			assertThat(user(add(databases, "acme", settings))).isEqualTo("anna");
			assertThat(user(add(databases, "globex", settings))).isEqualTo("bert");
			databases.remove("acme");
			int asked = providers.acme.get();
			int others = providers.globex.get();
			TestDatabases.await(() -> providers.globex.get() > others + 5);
			assertThat(providers.acme).hasValue(asked);
		});
	}

	private static Database add(Databases databases, String name, RuntimeDatabaseSettings settings)
			throws InterruptedException {
		Database database = databases.add(name, settings);
		assertThat(database.awaitUp(LONG)).as("%s", database.getLastFailure()).isTrue();
		return database;
	}

	private static String user(Database database) {
		return database.getBean(JdbcClient.class).sql("SELECT current_user").query(String.class).single();
	}

	@Configuration(proxyBeanMethods = false)
	static class Providers {

		private final AtomicInteger acme = new AtomicInteger();

		private final AtomicInteger globex = new AtomicInteger();

		@Bean
		@Qualifier("acme")
		DatabaseCredentialsProvider first() {
			return (name) -> {
				this.acme.incrementAndGet();
				return credentials("anna", 0);
			};
		}

		@Bean
		@Qualifier("globex")
		DatabaseCredentialsProvider second() {
			return (name) -> {
				this.globex.incrementAndGet();
				return credentials("bert", 0);
			};
		}

	}

}
