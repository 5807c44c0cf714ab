package io.appdbs.autoconfigure;

import java.util.Map;

import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.MisspelledGroups;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IgnoredKeysRegistrar} and {@link MisspelledGroups}.
 */
@ExtendWith(OutputCaptureExtension.class)
class IgnoredKeysRegistrarTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(DatabaseTestDatabaseAutoConfiguration.class, DatabasesAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "app.db.orders.url, app.db, app.dbs", "app.dps.orders.url, app.dps, app.dbs",
			"app.dbss.orders.url, app.dbss, app.dbs", "apps.dbs.orders.url, apps.dbs, app.dbs",
			"app-dbs.orders.url, app-dbs, app.dbs", "appdbs.orders.url, appdbs, app.dbs",
			"app.dbs-default.read-only, app.dbs-default, app.dbs-defaults",
			"app.db-defaults.username, app.db-defaults, app.dbs-defaults",
			"app.dbs-defalts.hikari.schema, app.dbs-defalts, app.dbs-defaults",
			"apps.dbs-defaults.username, apps.dbs-defaults, app.dbs-defaults",
			"app.db-only, app.db-only, app.dbs-include", "app-dbs-include, app-dbs-include, app.dbs-include",
			"dbs.orders.url, dbs, app.dbs", "dbs-defaults.username, dbs-defaults, app.dbs-defaults",
			"spring.dbs.orders.url, spring.dbs, app.dbs", "spring.app.dbs.orders.url, spring.app.dbs, app.dbs",
			"spring.app.dbs-routes.tenants.engine, spring.app.dbs-routes, app.dbs-routes" })
	void whenAGroupIsMisspeltThenTheRightOneIsSuggestedEvenWithoutADatabase(String key, String written, String meant) {
		this.runner.withPropertyValues(key + "=embedded:h2")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (ex) -> {
					assertThat(ex.getMessage()).startsWith("AppDBs does not read '%s'.".formatted(key));
					assertThat(ex.getAction()).isEqualTo(
							"Did you mean '%s'? If '%s' is a key of the application itself, give it a name that is less similar."
								.formatted(meant, written));
				}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.name=shop", "app.db=embedded:h2", "app.db.url=jdbc:h2:mem:x", "app.db.orders.host=h2",
			"app.db.orders.url=https://example.org", "app.dns.main.url=https://example.org",
			"app.dbsync.orders.url=jdbc:h2:mem:x", "app.database.orders.url=jdbc:h2:mem:x",
			"app.datasource.orders.url=jdbc:h2:mem:x", "app.defaults.username=x", "app.only=x", "app.dbs2-config.x=y",
			"ap.dbs=x", "map.dbs.orders.url=https://example.org", "appdbs.orders.color=red", "dbs=embedded:h2",
			"dbs.orders.color=red", "dbs.main.url=https://example.org", "spring.dbs.orders.host=h2",
			"spring.app.name=shop", "spring.datasource.name=orders" })
	void otherKeysOfTheApplicationAreIgnored(String property) {
		this.runner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
		this.runner.withPropertyValues(property, "app.dbs.audit.url=embedded:h2")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Databases.class));
	}

	@Test
	void valuesThatTheDatabasesReferToAreNotIgnored() {
		this.runner
			.withPropertyValues("app.db.orders.url=jdbc:h2:mem:referred", "app.dbs.orders.url=${app.db.orders.url}")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenSettingsOfADatabaseAreBelowAMisspeltGroupThenTheyAreNotIgnored() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.db.orders.pool.max-size=3")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageStartingWith("AppDBs does not read 'app.db.orders.pool.max-size'."));
	}

	@Test
	void whenSeveralAutoConfigurationsAskForDatabasesThenAVariableIsReportedOnce(CapturedOutput output) {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("APP_DBS_ORDERS_PASWORD", "s3cr3t"))))
			.withPropertyValues("app.dbs.orders.url=embedded:h2")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).containsOnlyOnce("APP_DBS_ORDERS_PASWORD is ignored").doesNotContain("s3cr3t");
	}

	@Test
	void theConditionNamesTheAnnotation() {
		this.runner.run((context) -> assertThat(ConditionEvaluationReport.get(context.getBeanFactory())
			.getConditionAndOutcomesBySource()
			.get(DatabaseTestDatabaseAutoConfiguration.class.getName())).singleElement()
			.extracting((outcome) -> outcome.getOutcome().getMessage())
			.isEqualTo("@ConditionalOnDatabases did not find a database below app.dbs"));
	}

}
