package io.appdbs.autoconfigure.diagnostics;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.mongo.MongoSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

	private static final String PAGE = "https://github.com/appdbs/appdbs/blob/main/docs/troubleshooting.md#";

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

						See https://github.com/appdbs/appdbs/blob/main/docs/troubleshooting.md#a-key-is-unknown
						""");
		assertThat(output.getAll()).doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			app.dbs.Orders                           | a-name-is-not-allowed
			app.dbs.orders.url                       | a-url-is-not-accepted
			app.dbs-defaults.credentials.provider    | credentials-cannot-be-read-or-are-rejected
			app.dbs.orders.ssl.bundle                | a-tls-connection-fails
			app.dbs-runtime.template.pool.max-size   | a-value-for-the-pool-or-a-time-limit-is-not-accepted
			app.dbs.orders.startup.timeout           | a-value-for-the-pool-or-a-time-limit-is-not-accepted
			app.dbs.orders.flyway.target             | a-value-for-migrations-is-not-accepted
			app.dbs.orders.mongo.migrations.package  | a-value-for-migrations-is-not-accepted
			spring.jpa.hibernate.ddl-auto            | a-value-for-entities-or-repositories-is-not-accepted
			app.dbs.orders.startup.required-tables[0] | a-value-for-the-schema-is-not-accepted
			app.dbs.orders.partitions[0].ahead       | a-value-for-the-schema-is-not-accepted
			app.dbs.orders.rls.role                  | a-value-for-security-or-audit-is-not-accepted
			app.dbs.orders.replicas[0].url           | a-value-for-replicas-is-not-accepted
			app.dbs.orders.backup.report             | a-value-for-operation-is-not-accepted
			app.dbs-routes.tenants.engine            | a-route-is-not-accepted
			app.dbs-runtime.max-connections          | a-database-cannot-be-added-at-run-time
			app.dbs.orders.usrname                   | a-key-is-unknown
			''                                       | a-bean-of-the-application-conflicts-with-a-database
			""")
	void theKeyDeterminesTheSection(String key, String anchor) {
		assertThat(analyze(new InvalidDatabaseConfigurationException(null, key.isEmpty() ? null : key, "message",
				"Fix it.", null)))
			.isEqualTo("Fix it.\n\nSee " + PAGE + anchor);
	}

	@ParameterizedTest
	@EnumSource
	void theSectionOfAFailureTakesPrecedence(TroubleshootingSection section) {
		assertThat(analyze(
				new InvalidDatabaseConfigurationException(null, "app.dbs.orders.url", "message", "Fix it.", null)
					.in(section)))
			.isEqualTo("Fix it.\n\nSee " + section.getAddress());
	}

	@Test
	void theSectionsOfSeveralProblemsAreNamedOnce() {
		ConfigurationProblems problems = new ConfigurationProblems();
		problems.add("orders", "app.dbs.orders.url", null, "first", "one");
		problems.add("orders", "app.dbs.orders.pool.max-size", null, "second", "two");
		problems.add("audit", "app.dbs.audit.url", null, "third", "three");
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class).isThrownBy(problems::throwIfAny)
			.satisfies((ex) -> assertThat(analyze(ex)).isEqualTo("1. one\n\n2. two\n\n3. three\n\nSee " + PAGE
					+ "a-url-is-not-accepted\nSee " + PAGE + "a-value-for-the-pool-or-a-time-limit-is-not-accepted"));
	}

	@Test
	void everyKeyHasASection() {
		assertThat(KnownKeys.of(DatabaseSettings.class).names()).isNotEmpty()
			.noneMatch((key) -> isUnknown("app.dbs.orders." + key) || isUnknown("app.dbs-defaults." + key));
		assertThat(KnownKeys.of(MongoSettings.class).names()).isNotEmpty()
			.noneMatch((key) -> isUnknown("app.dbs.orders.mongo." + key));
	}

	private static boolean isUnknown(String key) {
		return ConfigurationSections.find(key) == TroubleshootingSection.UNKNOWN_KEY;
	}

	private static String analyze(InvalidDatabaseConfigurationException failure) {
		return new DatabaseFailureAnalyzer().analyze(failure).getAction();
	}

	@Configuration(proxyBeanMethods = false)
	static class BindingConfiguration {

		@Bean
		Object databases(Environment environment) {
			return DatabaseSettingsBinder.bind(environment, DatabaseNames.get(environment), null);
		}

	}

}
