package io.appdbs.autoconfigure.diagnostics;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DatabaseSettingsBinder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseFailureAnalyzerTests {

	@Test
	void whenApplicationDoesNotStartThenItSaysWhatIsWrongAndWhatToDo(CapturedOutput output) {
		SpringApplication application = new SpringApplication(BindingConfiguration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(
					() -> application.run("--app.dbs.orders.url=jdbc:h2:mem:orders", "--app.dbs.orders.usrname=s3cr3t"))
			.withRootCauseInstanceOf(InvalidDatabaseConfigurationException.class);
		assertThat(output.getAll()).contains(
				"""
						***************************
						APPLICATION FAILED TO START
						***************************

						Description:

						Database 'orders': 'app.dbs.orders.usrname' is not a known key.

						    Origin: "app.dbs.orders.usrname" from property source "commandLineArgs"

						Action:

						Did you mean 'username'? Known keys: url, engine, username, password, credentials, packages, enabled, primary, \
						required, read-only, create-database, statement-timeout, lock-timeout, idle-in-transaction-timeout, \
						ssl, pool, hikari, flyway, liquibase, sql-init, jpa, startup, health, rls, privileges, audit, encryption, backup, cache, retry, replicas, \
						replica-reads, inspection, maintenance, partitions, mongo, sharding, query-log, query-log-parameters, \
						query-log-masked, slow-query-threshold, slow-query-plan.
						""");
		assertThat(output.getAll()).doesNotContain("s3cr3t");
	}

	@Configuration(proxyBeanMethods = false)
	static class BindingConfiguration {

		@Bean
		Object databases(Environment environment) {
			return DatabaseSettingsBinder.bind(environment, DatabaseNames.get(environment), null);
		}

	}

}
