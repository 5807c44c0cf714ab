package io.appdbs.config;

import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertiesPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseNames}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseNamesTests {

	private static final String YAML = """
			app:
			  dbs:
			    orders:
			      url: jdbc:h2:mem:orders
			    order-archive:
			      url: jdbc:h2:mem:archive
			      pool:
			        max-size: 5
			    audit:
			      url: jdbc:h2:mem:audit
			""";

	@Test
	void whenNothingIsConfiguredThenThereAreNoNames() {
		assertThat(DatabaseNames.get(EnvironmentBuilder.yaml("").build())).isEmpty();
	}

	@Test
	void whenOnlyDefaultsAreConfiguredThenThereAreNoNames() {
		assertThat(DatabaseNames.get(EnvironmentBuilder.properties("app.dbs-defaults.username=app").build())).isEmpty();
	}

	@Test
	void namesAreInTheOrderOfTheConfiguration() {
		assertThat(DatabaseNames.get(EnvironmentBuilder.yaml(YAML).build())).containsExactly("orders", "order-archive",
				"audit");
	}

	@Test
	void whenOnlySomeAreWantedThenTheOthersAreNotThere() {
		assertThat(DatabaseNames.get(EnvironmentBuilder.yaml(YAML + "  dbs-include: audit, orders").build()))
			.containsExactly("orders", "audit");
	}

	@Test
	void whenAnIncludedNameIsUnknownThenItIsRejected() {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml(YAML + "  dbs-include: orders, adit").build();
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
			.isThrownBy(() -> DatabaseNames.get(environment))
			.withMessage("'app.dbs-include' has 'adit', which is not one of the databases below 'app.dbs'.")
			.satisfies((ex) -> assertThat(ex.getAction())
				.isEqualTo("Did you mean 'audit'? Known databases: orders, order-archive, audit."));
	}

	@Test
	void whenKeysOfPropertiesAreMixedThenTheFirstKeyOfEachDatabaseCounts() {
		ConfigurableEnvironment environment = EnvironmentBuilder
			.properties("app.dbs.b.url=x", "app.dbs.a.username=x", "app.dbs.b.pool.max-size=1", "app.dbs.a.url=x")
			.build();
		assertThat(DatabaseNames.get(environment)).containsExactly("b", "a");
	}

	@Test
	void whenAnotherSourceOverridesAValueThenTheOrderStays() {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml(YAML)
			.argument("app.dbs.audit.pool.max-size=1")
			.argument("app.dbs.another.url=x")
			.build();
		assertThat(DatabaseNames.get(environment)).containsExactly("orders", "order-archive", "audit", "another");
	}

	@Test
	void whenSourceIsInHashOrderThenNamesAreSorted() {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml("").build();
		Properties properties = new Properties();
		for (String name : new String[] { "e", "c", "a", "d", "b" }) {
			properties.setProperty("app.dbs." + name + ".url", "x");
		}
		environment.getPropertySources().addFirst(new PropertiesPropertySource("unordered", properties));
		assertThat(DatabaseNames.get(environment)).containsExactly("a", "b", "c", "d", "e");
	}

	@Test
	void whenSeveralFilesNameDatabasesThenThoseOfTheLowestPrecedenceComeFirst() {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml(YAML + """
				---
				app:
				  dbs:
				    audit:
				      username: app
				    extra:
				      url: jdbc:h2:mem:extra
				""").build();
		// Boot adds the last document first.
		MapPropertySource last = (MapPropertySource) environment.getPropertySources()
			.stream()
			.filter((source) -> source.getName().contains("document #1"))
			.findFirst()
			.orElseThrow();
		environment.getPropertySources().remove(last.getName());
		environment.getPropertySources().addFirst(last);
		assertThat(DatabaseNames.get(environment)).containsExactly("orders", "order-archive", "audit", "extra");
	}

	@Test
	void variablesOfTheEnvironmentDoNotMakeADatabase(CapturedOutput output) {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml(YAML)
			.variable("APP_DBS_ORDERARCHIVE_URL", "jdbc:h2:mem:other")
			.variable("APP_DBS_ORDERARCHIVE_POOL_MAXSIZE", "7")
			.variable("APP_DBS_ORDER_ARCHIVE_POOL_MIN_SIZE", "1")
			.variable("APP_DBS_AUDIT_HIKARI_AUTOCOMMIT", "false")
			.variable("APP_DBS_AUDIT_HIKARI_TRANSACTION_ISOLATION", "TRANSACTION_SERIALIZABLE")
			.variable("APP_DBS_AUDIT_HIKARI_DATASOURCEPROPERTIES_X", "y")
			.variable("APP_DBS_ORDERS_STARTUP_REQUIREDTABLES_0", "item")
			.variable("APP_DBS_ORDERS_RLS_SETTINGS_0_NAME", "app.tenant")
			.variable("APP_DBSDEFAULTS_POOL_MAXSIZE", "7")
			.variable("APP_DBS_DEFAULTS_POOL_MAX_SIZE", "7")
			.build();
		assertThat(getAndWarn(environment)).containsExactly("orders", "order-archive", "audit");
		assertThat(output.getAll()).doesNotContain("WARN");
	}

	@Test
	void whenAVariableMatchesNoKeyThenOneWarningNamesItWithoutItsValue(CapturedOutput output) {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml(YAML)
			.variable("APP_DBS_ARCHIVE_PASSWORD", "s3cr3t")
			.variable("APP_DBS_ORDERS_FLOOR", "s3cr3t")
			.variable("APP_DBS_ORDERS_HIKARI_FOO", "s3cr3t")
			.variable("APP_DBS_ORDERS", "s3cr3t")
			.build();
		getAndWarn(environment);
		for (String name : new String[] { "ARCHIVE_PASSWORD", "ORDERS_FLOOR", "ORDERS_HIKARI_FOO", "ORDERS" }) {
			assertThat(output.getAll())
				.containsOnlyOnce("Environment variable APP_DBS_" + name + " is ignored: it does not match a key of a "
						+ "database. Known databases: orders, order-archive, audit.");
		}
		assertThat(output.getAll()).doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@CsvSource({ "APP_DBS_DEFAULT_RLS_ENABLED, APP_DBSDEFAULTS_RLS_ENABLED",
			"APP_DBSDEFAULT_RLS_ENABLED, APP_DBSDEFAULTS_RLS_ENABLED",
			"APP_DBS_ORDERS_PASWORD, APP_DBS_ORDERS_PASSWORD", "APP_DBS_ORDER_URL, APP_DBS_ORDERS_URL",
			"APP_DBSINCLUD, APP_DBSINCLUDE", "APP_DBSONLI, APP_DBSONLY" })
	void whenAVariableIsMisspeltThenTheNearestIsNamed(String variable, String nearest, CapturedOutput output) {
		getAndWarn(EnvironmentBuilder.yaml(YAML).variable(variable, "s3cr3t").build());
		assertThat(output.getAll()).containsOnlyOnce(
				"Environment variable " + variable + " is ignored: it does not match a key of a database. Did you mean "
						+ nearest + "? Known databases: orders, order-archive, audit.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "APP_DBSINCLUDE", "APP_DBS_INCLUDE", "APP_DBSINCLUDE_0", "APP_DBS_INCLUDE_0",
			"APP_DBSONLY", "APP_DBS_ONLY_0" })
	void theNamesToUseCanBeAVariable(String variable, CapturedOutput output) {
		assertThat(getAndWarn(EnvironmentBuilder.yaml(YAML).variable(variable, "audit").build()))
			.containsExactly("audit");
		assertThat(output.getAll()).doesNotContain("WARN");
	}

	@Test
	void otherVariablesOfTheApplicationAreNotReported(CapturedOutput output) {
		getAndWarn(EnvironmentBuilder.yaml(YAML)
			.variable("APP_DB_URL", "x")
			.variable("APP_NAME", "x")
			.variable("APP_DEFAULTS_PAGE", "x")
			.build());
		assertThat(output.getAll()).doesNotContain("WARN");
	}

	@Test
	void whenOnlyVariablesAreSetThenAWarningSaysThatThereIsNoDatabase(CapturedOutput output) {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml("").variable("APP_DBS_ORDERS_URL", "x").build();
		assertThat(getAndWarn(environment)).isEmpty();
		assertThat(output.getAll()).containsOnlyOnce("Environment variable APP_DBS_ORDERS_URL is ignored: it does not "
				+ "match a key of a database. A variable does not declare a database. To declare one, write "
				+ "'app.dbs.orders.url=${APP_DBS_ORDERS_URL}' in application.properties. Known databases: none.");
	}

	@Test
	void namesAreReadWithoutResolvingValues() {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml("").build();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("late", Map.of("app.dbs.orders.url", "${NOT_KNOWN_YET}")));
		assertThat(DatabaseNames.get(environment)).containsExactly("orders");
	}

	private static List<String> getAndWarn(ConfigurableEnvironment environment) {
		List<String> names = DatabaseNames.get(environment);
		new UnmatchedVariables(ConfiguredSources.of(environment), DatabaseNames.getAll(environment)).warn();
		return names;
	}

}
