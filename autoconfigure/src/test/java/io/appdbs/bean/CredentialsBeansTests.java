package io.appdbs.bean;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CredentialsBeans}.
 */
class CredentialsBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:credentials-orders",
				"app.dbs.audit.url=jdbc:h2:mem:credentials-audit", "app.dbs.audit.username=configured",
				"app.dbs.billing.url=jdbc:h2:mem:credentials-billing", "app.dbs.billing.username=fixed",
				"app.dbs.notes.url=embedded:h2");

	@Test
	void aBeanWithTheQualifierTakesPrecedenceOverOneWithout() {
		this.runner.withUserConfiguration(Providers.class).run((context) -> {
			assertThat(user(context, "orders")).isEqualTo("QUALIFIED");
			assertThat(user(context, "audit")).isEqualTo("GENERAL-AUDIT");
		});
	}

	@Test
	void whenTheProviderReturnsNoneThenTheConfiguredCredentialsAreUsed() {
		this.runner.withUserConfiguration(Providers.class)
			.run((context) -> assertThat(user(context, "billing")).isEqualTo("FIXED"));
	}

	@Test
	void anEmbeddedServerHasItsOwnLogin() {
		this.runner.withUserConfiguration(Providers.class)
			.run((context) -> assertThat(context.getBean(Databases.class).get("notes").getSnapshot().credentials())
				.isNull());
	}

	@Test
	void withoutProviderCredentialsDoNotChange() {
		this.runner.run((context) -> {
			assertThat(user(context, "audit")).isEqualTo("CONFIGURED");
			assertThat(context.getBean(Databases.class).get("audit").getSnapshot().credentials()).isNull();
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> context.getBean(DatabaseLifecycle.class).getOperations("audit").rotate())
				.withMessage(
						"The credentials of database 'audit' do not change: it has neither 'app.dbs.audit.credentials.password-file' nor a DatabaseCredentialsProvider bean.");
		});
	}

	private static String user(ApplicationContext context, String name) {
		return context.getBean(name + "JdbcTemplate", JdbcTemplate.class)
			.queryForObject("SELECT CURRENT_USER", String.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Providers {

		@Bean
		DatabaseCredentialsProvider general() {
			return (name) -> name.equals("billing") ? null : new DatabaseCredentials("general-" + name, "");
		}

		@Bean
		@Qualifier("orders")
		DatabaseCredentialsProvider qualified() {
			return (name) -> new DatabaseCredentials("qualified", "");
		}

	}

}
