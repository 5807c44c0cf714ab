package io.appdbs.config;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.autoconfigure.FailureText;
import io.appdbs.engine.Engine;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.HealthSettings;
import io.appdbs.settings.PoolSettings;
import io.appdbs.settings.PoolSettings.OnSessionChange;
import io.appdbs.settings.ReplicaReadSettings;
import io.appdbs.settings.ReplicaReadSettings.OnUnavailable;
import io.appdbs.settings.RetrySettings;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.OnContextChange;
import io.appdbs.settings.RlsSettings.OnMissingContext;
import io.appdbs.settings.RlsSettings.Setting;
import io.appdbs.settings.RlsSettings.Type;
import io.appdbs.settings.RlsSettings.Verify;
import io.appdbs.settings.StartupSettings;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseSettingsBinder}.
 */
class DatabaseSettingsBinderTests {

	private static final String DEFAULTS = """
			app:
			  dbs-defaults:
			    username: shared
			    statement-timeout: 5s
			    pool:
			      max-size: 7
			      min-size: 2
			    hikari:
			      schema: shared
			      auto-commit: true
			  dbs:
			    order-archive:
			      url: jdbc:h2:mem:archive
			""";

	@Test
	void everyKeyIsBound() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml("""
				app:
				  dbs:
				    order-archive:
				      url: postgresql://localhost/orders
				      engine: postgresql
				      username: app
				      password: s3cr3t
				      primary: true
				      read-only: true
				      statement-timeout: 30s
				      pool:
				        min-size: 1
				        max-size: 2
				        acquire-timeout: 3s
				        connect-timeout: 4s
				        max-lifetime: 50m
				        max-idle-time: 6m
				        keepalive: 7m
				        leak-threshold: 8m
				        on-session-change: keep
				      hikari:
				        auto-commit: false
				        data-source-properties:
				          ApplicationName: orders
				"""));
		assertThat(settings.url()).isEqualTo("postgresql://localhost/orders");
		assertThat(settings.engine()).isEqualTo("postgresql");
		assertThat(settings.username()).isEqualTo("app");
		assertThat(settings.password()).isEqualTo("s3cr3t");
		assertThat(settings.primary()).isTrue();
		assertThat(settings.readOnly()).isTrue();
		assertThat(settings.statementTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.pool())
			.isEqualTo(new PoolSettings(1, 2, Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofMinutes(50),
					Duration.ofMinutes(6), Duration.ofMinutes(7), Duration.ofMinutes(8), OnSessionChange.KEEP));
		assertThat(settings.hikari())
			.isEqualTo(Map.of("auto-commit", "false", "data-source-properties.ApplicationName", "orders"));
		assertThat(settings.toString()).doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mongodb://localhost/orders", "jdbc:h2:mem:x" })
	void defaultsThatAnEngineHasNoUseForArePassedOver(String url) {
		DatabaseSettings settings = bind(EnvironmentBuilder
			.properties("app.dbs.order-archive.url=" + url, "app.dbs-defaults.pool.max-size=3",
					"app.dbs-defaults.pool.leak-threshold=1m", "app.dbs-defaults.pool.connect-timeout=5s",
					"app.dbs-defaults.pool.on-session-change=replace")
			.variable("APP_DBSDEFAULTS_HIKARI_SCHEMA", "orders"));
		assertThat(settings.pool().maxSize()).isEqualTo(3);
	}

	@Test
	void whenDatabaseHasOnlyAUrlThenNothingElseIsSet() {
		DatabaseSettings settings = bind(EnvironmentBuilder.properties("app.dbs.order-archive.url=jdbc:h2:mem:x"));
		assertThat(settings).isEqualTo(new DatabaseSettings("jdbc:h2:mem:x", null, null, null,
				new CredentialsSettings(null, null, Duration.ofSeconds(10), Duration.ofSeconds(10),
						Duration.ofSeconds(30)),
				true, false, true, false, false, null, null, null,
				new PoolSettings(null, null, null, null, null, null, null, null, null), Map.of(), Map.of(),
				new StartupSettings(Duration.ofSeconds(30), List.of()),
				new HealthSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(10), true),
				new RlsSettings(false,
						List.of(new Setting("app.current_user_id", Type.ANY, null, true),
								new Setting("app.current_user_role", Type.ANY, null, false)),
						null, OnMissingContext.FAIL, OnContextChange.FAIL, Verify.FAIL, List.of(), List.of(),
						Duration.ofHours(1), List.of(), List.of()),
				new RetrySettings(null, 30, Duration.ofMillis(5), Duration.ofSeconds(1), 2, Duration.ofSeconds(30),
						List.of()),
				List.of(),
				new ReplicaReadSettings(Duration.ofSeconds(30), Duration.ofSeconds(2), OnUnavailable.PRIMARY), false,
				false, null));
	}

	@Test
	void readinessThatDependsOnAnOptionalDatabaseIsAnError() {
		assertThat(FailureText.failureOf("""
				app:
				  dbs:
				    orders:
				      url: jdbc:h2:mem:orders
				      required: false
				      health:
				        readiness: true
				""")).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.health.readiness' is 'true', but 'app.dbs.orders.required' is 'false': \
						readiness depends on required databases only.

						    Origin: Byte array resource [application.yml] - 7:20

						Action:

						Remove 'app.dbs.orders.health.readiness', or set 'required' of the database to 'true'.
						""");
	}

	@Test
	void defaultsFillInWhatTheDatabaseDoesNotSay() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS + """
				      pool:
				        max-size: 9
				      hikari:
				        auto-commit: false
				        catalog: own
				"""));
		assertThat(settings.username()).isEqualTo("shared");
		assertThat(settings.statementTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(settings.pool().maxSize()).isEqualTo(9);
		assertThat(settings.pool().minSize()).isEqualTo(2);
		assertThat(settings.hikari()).isEqualTo(Map.of("auto-commit", "false", "catalog", "own", "schema", "shared"));
	}

	@Test
	void ownValueInAFileWinsOverDefaultFromTheEnvironmentOrCommandLine() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS + """
				      username: own
				      pool:
				        max-size: 9
				""")
			.variable("APP_DBSDEFAULTS_USERNAME", "environment")
			.argument("app.dbs-defaults.pool.max-size=11")
			.argument("app.dbs-defaults.pool.min-size=3"));
		assertThat(settings.username()).isEqualTo("own");
		assertThat(settings.pool().maxSize()).isEqualTo(9);
		assertThat(settings.pool().minSize()).isEqualTo(3);
	}

	@Test
	void defaultFromTheEnvironmentWinsOverDefaultInAFile() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS)
			.variable("APP_DBSDEFAULTS_USERNAME", "environment")
			.variable("APP_DBS_DEFAULTS_POOL_MAX_SIZE", "11")
			.variable("APP_DBSDEFAULTS_POOL_MAXLIFETIME", "1h"));
		assertThat(settings.username()).isEqualTo("environment");
		assertThat(settings.pool().maxSize()).isEqualTo(11);
		assertThat(settings.pool().maxLifetime()).isEqualTo(Duration.ofHours(1));
	}

	@Test
	void variablesOfTheEnvironmentOverrideSingleKeys() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS)
			.variable("APP_DBS_ORDERARCHIVE_URL", "jdbc:h2:mem:environment")
			.variable("APP_DBS_ORDERARCHIVE_POOL_MAXSIZE", "12")
			.variable("APP_DBS_ORDER_ARCHIVE_POOL_ACQUIRE_TIMEOUT", "2s")
			.variable("APP_DBS_ORDERARCHIVE_HIKARI_SCHEMA", "environment"));
		assertThat(settings.url()).isEqualTo("jdbc:h2:mem:environment");
		assertThat(settings.pool().maxSize()).isEqualTo(12);
		assertThat(settings.pool().minSize()).isEqualTo(2);
		assertThat(settings.pool().acquireTimeout()).isEqualTo(Duration.ofSeconds(2));
		assertThat(settings.hikari()).isEqualTo(Map.of("schema", "environment", "auto-commit", "true"));
	}

	@Test
	void commandLineWinsOverTheEnvironment() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS)
			.variable("APP_DBS_ORDERARCHIVE_USERNAME", "environment")
			.argument("app.dbs.order-archive.username=argument"));
		assertThat(settings.username()).isEqualTo("argument");
	}

	@Test
	void whenAVariableHasAValueWhereAGroupBelongsThenItIsNotBound() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS)
			.variable("APP_DBS_ORDERARCHIVE", "x")
			.variable("APP_DBS_ORDERARCHIVE_POOL", "x"));
		assertThat(settings.pool().maxSize()).isEqualTo(7);
	}

	@Test
	void whenAVariableNamesAnUnknownHikariPropertyThenItIsNotBound() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS)
			.variable("APP_DBS_ORDERARCHIVE_HIKARI_JDBCURL", "x")
			.variable("APP_DBS_ORDERARCHIVE_HIKARI_FOO", "x"));
		assertThat(settings.hikari()).containsOnlyKeys("schema", "auto-commit");
	}

	@Test
	void relaxedSpellingsAreAccepted() {
		DatabaseSettings settings = bind(EnvironmentBuilder.properties("app.dbs.order-archive.url=jdbc:h2:mem:x",
				"app.dbs.order-archive.pool.maxSize=4", "app.dbs.order-archive.pool.min_size=3",
				"app.dbs.order-archive.hikari.autoCommit=false"));
		assertThat(settings.pool().maxSize()).isEqualTo(4);
		assertThat(settings.pool().minSize()).isEqualTo(3);
		assertThat(settings.hikari()).isEqualTo(Map.of("auto-commit", "false"));
	}

	@Test
	void driverPropertyKeepsItsCaseWhenTheEnvironmentOverridesIt() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS + """
				      hikari:
				        data-source-properties:
				          IfExists: file
				""").variable("APP_DBS_ORDERARCHIVE_HIKARI_DATASOURCEPROPERTIES_IFEXISTS", "environment"));
		assertThat(settings.hikari()).containsEntry("data-source-properties.IfExists", "environment");
	}

	@Test
	void hikariPropertyThatIsAKeyOfThePoolIsReadAsThatKey() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS + """
				      hikari:
				        maximum-pool-size: 3
				        connection-timeout: 2500
				"""));
		assertThat(settings.pool().maxSize()).isEqualTo(3);
		assertThat(settings.pool().acquireTimeout()).isEqualTo(Duration.ofMillis(2500));
		assertThat(settings.hikari()).containsOnlyKeys("schema", "auto-commit");
	}

	@Test
	void whenPoolAndHikariSayTheSameThenBothAreAllowed() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS + """
				      pool:
				        max-lifetime: 1m
				      hikari:
				        max-lifetime: 60000
				"""));
		assertThat(settings.pool().maxLifetime()).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void whenHikariPropertiesAreDefaultsThenMongoDoesNotTakeThem() {
		DatabaseSettings settings = bind(
				EnvironmentBuilder.properties("app.dbs.order-archive.url=mongodb://localhost/orders",
						"app.dbs-defaults.hikari.maximum-pool-size=3", "app.dbs-defaults.hikari.auto-commit=false"));
		assertThat(settings.pool().maxSize()).isNull();
	}

	@Test
	void placeholdersAreResolved() {
		DatabaseSettings settings = bind(EnvironmentBuilder.yaml(DEFAULTS + """
				      password: ${ORDERS_PASSWORD}
				      pool:
				        max-size: ${SIZE:8}
				      hikari:
				        schema: ${SCHEMA:x}
				""").variable("ORDERS_PASSWORD", "s3cr3t"));
		assertThat(settings.password()).isEqualTo("s3cr3t");
		assertThat(settings.pool().maxSize()).isEqualTo(8);
		assertThat(settings.hikari()).containsEntry("schema", "x");
	}

	@Test
	void valuesAreReadWhenTheyAreBoundAndNotBefore() {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml(DEFAULTS).build();
		List<String> names = DatabaseNames.get(environment);
		Map<String, Object> late = new LinkedHashMap<>();
		environment.getPropertySources().addFirst(new MapPropertySource("late", late));
		late.put("app.dbs.order-archive.url", "jdbc:h2:mem:late");
		assertThat(DatabaseSettingsBinder.bind(environment, names, null).get("order-archive").settings().url())
			.isEqualTo("jdbc:h2:mem:late");
	}

	@Test
	void credentialsOfTheUrlAreThoseToConnectWith() {
		DatabaseDefinition database = bindDatabase(
				EnvironmentBuilder.properties("app.dbs.order-archive.url=postgresql://own:s3cr3t@localhost/orders",
						"app.dbs-defaults.username=shared", "app.dbs-defaults.password=s3cr3t-shared"));
		assertThat(database.settings().username()).isEqualTo("own");
		assertThat(database.settings().password()).isEqualTo("s3cr3t");
		assertThat(database.toString()).doesNotContain("s3cr3t");
	}

	@Test
	void whenCredentialsAreGivenTwiceAndEqualThenBothAreAllowed() {
		DatabaseDefinition database = bindDatabase(
				EnvironmentBuilder.properties("app.dbs.order-archive.url=postgresql://own:s3cr3t@localhost/orders",
						"app.dbs.order-archive.username=own", "app.dbs.order-archive.password=s3cr3t"));
		assertThat(database.settings().username()).isEqualTo("own");
	}

	@Test
	void engineAndConnectionDetailsComeFromTheUrl() {
		DatabaseDefinition database = bindDatabase(
				EnvironmentBuilder.properties("app.dbs.order-archive.url=mysql://localhost/orders"));
		assertThat(database.name()).isEqualTo("order-archive");
		assertThat(database.engine().getId()).isEqualTo("mysql");
		assertThat(database.connectionDetails().get().database()).isEqualTo("orders");
	}

	@Test
	void whenServerIsDeclaredToBeAnotherOfTheSameDriverThenThatIsTheEngine() {
		DatabaseDefinition database = bindDatabase(EnvironmentBuilder.properties(
				"app.dbs.order-archive.url=postgresql://localhost/orders", "app.dbs.order-archive.engine=cockroachdb"));
		assertThat(database.engine().getId()).isEqualTo("cockroachdb");
	}

	@Test
	void whenUrlIsEmbeddedThenThereIsNoHostYet() {
		DatabaseDefinition database = bindDatabase(
				EnvironmentBuilder.properties("app.dbs.order-archive.url=embedded:postgresql"));
		assertThat(database.engine().getId()).isEqualTo("postgresql");
		assertThat(database.connectionDetails().get().hosts()).isEmpty();
	}

	@Test
	void whenHikariIsNotOnTheClassPathThenItsKeysAreNotExamined() {
		ConfigurableEnvironment environment = EnvironmentBuilder
			.properties("app.dbs.catalog.url=mongodb://localhost/catalog", "app.dbs-defaults.hikari.foo=bar")
			.build();
		assertThat(DatabaseSettingsBinder.bind(environment, List.of("catalog"),
				new FilteredClassLoader("com.zaxxer.hikari")))
			.containsOnlyKeys("catalog");
	}

	private static DatabaseSettings bind(EnvironmentBuilder builder) {
		return bindDatabase(builder).settings();
	}

	private static DatabaseDefinition bindDatabase(EnvironmentBuilder builder) {
		ConfigurableEnvironment environment = builder.build();
		Map<String, DatabaseDefinition> databases = DatabaseSettingsBinder.bind(environment,
				DatabaseNames.get(environment), null);
		assertThat(databases).containsOnlyKeys("order-archive");
		return databases.values().iterator().next();
	}

	@Test
	void whenTheEngineCannotCreateDatabasesThenThatIsRefused(@TempDir Path directory) throws Exception {
		Path factories = Files.createDirectories(directory.resolve("META-INF")).resolve("spring.factories");
		Files.writeString(factories, Engine.class.getName() + "=io.appdbs.engine.custom.HsqldbEngine");
		try (URLClassLoader classLoader = new URLClassLoader(new URL[] { directory.toUri().toURL() },
				getClass().getClassLoader())) {
			assertThat(failureOf(creating("jdbc:hsqldb:mem:orders"), classLoader)).isEqualTo("""
					Description:

					Database 'orders': 'app.dbs.orders.create-database' is 'true', but HSQLDB cannot be told to create \
					databases.

					    Origin: "app.dbs.orders.create-database" from property source "commandLineArgs"

					Action:

					Remove 'app.dbs.orders.create-database'.
					""");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:orders", "mongodb://localhost/orders", "embedded:postgresql",
			"postgresql://localhost/orders", "mariadb://localhost/orders" })
	void whenConnectingOrAStatementCreatesTheDatabaseThenThatIsAllowed(String url) {
		ConfigurableEnvironment environment = creating(url);
		assertThat(DatabaseSettingsBinder.bind(environment, List.of("orders"), null)).containsKey("orders");
	}

	private static ConfigurableEnvironment creating(String url) {
		return EnvironmentBuilder.properties("app.dbs.orders.url=" + url, "app.dbs.orders.create-database=true")
			.build();
	}

}
