package io.appdbs.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.settings.BackupSettings;
import io.appdbs.settings.CacheSettings;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.FindingsSettings;
import io.appdbs.settings.HealthSettings;
import io.appdbs.settings.InspectionSettings;
import io.appdbs.settings.JpaSettings;
import io.appdbs.settings.LiquibaseSettings;
import io.appdbs.settings.MaintenanceSettings;
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
import io.appdbs.settings.SqlInitSettings;
import io.appdbs.settings.StartupSettings;
import io.appdbs.settings.mongo.MongoIndexSettings;
import io.appdbs.settings.mongo.MongoMigrationSettings;
import io.appdbs.settings.mongo.MongoSettings;
import io.appdbs.settings.mongo.MongoValidatorSettings;
import io.appdbs.settings.mongo.ShardingSettings;
import io.appdbs.settings.security.AuditRowsSettings;
import io.appdbs.settings.security.AuditSettings;
import io.appdbs.settings.security.EncryptionSettings;
import io.appdbs.settings.security.PrivilegesSettings;
import io.appdbs.settings.security.SslSettings;
import io.appdbs.settings.security.VerificationMode;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.unit.DataSize;

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
					Duration.ofMinutes(6), Duration.ofMinutes(7), Duration.ofMinutes(8), OnSessionChange.KEEP, null));
		assertThat(settings.hikari())
			.isEqualTo(Map.of("auto-commit", "false", "data-source-properties.ApplicationName", "orders"));
		assertThat(settings.toString()).doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mongodb://localhost/orders", "jdbc:h2:mem:x" })
	void defaultsThatAnEngineDoesNotSupportAreIgnored(String url) {
		DatabaseSettings settings = bind(EnvironmentBuilder
			.properties("app.dbs.order-archive.url=" + url, "app.dbs-defaults.pool.max-size=3",
					"app.dbs-defaults.pool.leak-threshold=1m", "app.dbs-defaults.pool.connect-timeout=5s",
					"app.dbs-defaults.pool.on-session-change=replace")
			.variable("APP_DBSDEFAULTS_HIKARI_SCHEMA", "orders"));
		assertThat(settings.pool().maxSize()).isEqualTo(3);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "inspection", "maintenance" })
	void aLoginWithoutPasswordHasNone(String group) {
		EnvironmentBuilder environment = EnvironmentBuilder.properties("app.dbs.order-archive.url=jdbc:h2:mem:x",
				"app.dbs.order-archive.password=secret", "app.dbs.order-archive.maintenance.operations=analyze",
				"app.dbs.order-archive." + group + ".username=monitor");
		DatabaseSettings settings = bind(environment);
		assertThat(group.equals("inspection") ? settings.inspectionLogin() : settings.maintenanceLogin())
			.isEqualTo(Map.of("user", "monitor"));
	}

	@Test
	void whenDatabaseHasOnlyAUrlThenNothingElseIsSet() {
		DatabaseSettings settings = bind(EnvironmentBuilder.properties("app.dbs.order-archive.url=jdbc:h2:mem:x"));
		assertThat(settings).isEqualTo(new DatabaseSettings("jdbc:h2:mem:x", null, null, null,
				new CredentialsSettings(null, null, Duration.ofSeconds(10), Duration.ofSeconds(10),
						Duration.ofSeconds(30)),
				List.of(), true, false, true, false, false, null, null, null,
				new SslSettings(null, SslSettings.Verify.FULL),
				new PoolSettings(null, null, null, null, null, null, null, null, null, null), Map.of(), Map.of(),
				new LiquibaseSettings(null, false, List.of(), null, null, null, "DATABASECHANGELOG",
						"DATABASECHANGELOGLOCK", false, true, null, null, null, List.of(), Map.of(), null, false, null,
						null, null, null, null, null),
				new SqlInitSettings(List.of(), List.of(), "all", null, null, false, ";", null,
						SqlInitSettings.Mode.EMBEDDED),
				JpaSettings.none(),
				new StartupSettings(Duration.ofSeconds(30), List.of(), List.of(), List.of(), List.of()),
				new HealthSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(10), true),
				new RlsSettings(false,
						List.of(new Setting("app.current_user_id", Type.ANY, null, true),
								new Setting("app.current_user_role", Type.ANY, null, false)),
						null, OnMissingContext.FAIL, OnContextChange.FAIL, VerificationMode.FAIL, List.of(), List.of(),
						Duration.ofHours(1), List.of(), List.of()),
				new PrivilegesSettings(VerificationMode.WARN, List.of(), Map.of()),
				new AuditSettings(AuditSettings.Statements.OFF, AuditSettings.OnFailure.LOG,
						new AuditRowsSettings(List.of(), "audit.log", VerificationMode.FAIL, Duration.ofHours(1))),
				new EncryptionSettings(null, null, null, Duration.ofSeconds(10)),
				new BackupSettings(null, null, null, null, null, Duration.ofMinutes(5)), new CacheSettings(null),
				new RetrySettings(null, 30, Duration.ofMillis(5), Duration.ofSeconds(1), 2, Duration.ofSeconds(30),
						List.of()),
				List.of(),
				new ReplicaReadSettings(Duration.ofSeconds(30), Duration.ofSeconds(2), OnUnavailable.PRIMARY),
				new InspectionSettings(null, Duration.ofSeconds(2), 50, null, null,
						new FindingsSettings(Duration.ofDays(7), DataSize.ofMegabytes(1), List.of())),
				new MaintenanceSettings(List.of(), List.of(), null, null, Duration.ofSeconds(1),
						Duration.ofMinutes(30)),
				List.of(),
				new MongoSettings(false, null, null, null,
						new MongoIndexSettings(MongoIndexSettings.Mode.VERIFY, false),
						new MongoValidatorSettings(MongoValidatorSettings.Mode.OFF, MongoValidatorSettings.Action.WARN,
								Duration.ofSeconds(5), List.of()),
						new MongoMigrationSettings(true, List.of(), "appdbs_migrations", Duration.ofMinutes(1), false,
								false)),
				new ShardingSettings(ShardingSettings.Mode.OFF), false, false, List.of(), null, false));
	}

	/**
	 * Adds lines and variables of the environment to the {@link #DEFAULTS}, and arguments
	 * of the command line.
	 */
	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '"',
			textBlock = """
					a default applies to a key that the database does not set | pool.max-size: 9; hikari.auto-commit: false; hikari.catalog: own | - | - | username: shared; statementTimeout: PT5S; pool.maxSize: 9; pool.minSize: 2; hikari: {auto-commit=false, catalog=own, schema=shared}
					a value in a file wins over any default | username: own; pool.max-size: 9 | DBSDEFAULTS_USERNAME: environment | dbs-defaults.pool.max-size=11; dbs-defaults.pool.min-size=3 | username: own; pool.maxSize: 9; pool.minSize: 3
					a default in the environment wins over one in a file | - | DBSDEFAULTS_USERNAME: environment; DBS_DEFAULTS_POOL_MAX_SIZE: 11; DBSDEFAULTS_POOL_MAXLIFETIME: 1h | - | username: environment; pool.maxSize: 11; pool.maxLifetime: PT1H
					a variable overrides a single key | - | DBS_ORDERARCHIVE_URL: jdbc:h2:mem:environment; DBS_ORDERARCHIVE_POOL_MAXSIZE: 12; DBS_ORDER_ARCHIVE_POOL_ACQUIRE_TIMEOUT: 2s; DBS_ORDERARCHIVE_HIKARI_SCHEMA: environment | - | url: jdbc:h2:mem:environment; pool.maxSize: 12; pool.minSize: 2; pool.acquireTimeout: PT2S; hikari: {auto-commit=true, schema=environment}
					the command line wins over the environment | - | DBS_ORDERARCHIVE_USERNAME: environment | dbs.order-archive.username=argument | username: argument
					a variable with a value where a group belongs is not bound | - | DBS_ORDERARCHIVE: x; DBS_ORDERARCHIVE_POOL: x | - | pool.maxSize: 7
					a variable that names an unknown property of HikariCP is not bound | - | DBS_ORDERARCHIVE_HIKARI_JDBCURL: x; DBS_ORDERARCHIVE_HIKARI_FOO: x | - | hikari: {auto-commit=true, schema=shared}
					a driver property keeps its case if the environment overrides it | hikari.data-source-properties.IfExists: file | DBS_ORDERARCHIVE_HIKARI_DATASOURCEPROPERTIES_IFEXISTS: environment | - | hikari: {auto-commit=true, data-source-properties.IfExists=environment, schema=shared}
					a property of HikariCP that is a key of the pool is read as that key | hikari.maximum-pool-size: 3; hikari.connection-timeout: 2500 | - | - | pool.maxSize: 3; pool.acquireTimeout: PT2.5S; hikari: {auto-commit=true, schema=shared}
					pool and HikariCP can have the same value | pool.max-lifetime: 1m; hikari.max-lifetime: 60000 | - | - | pool.maxLifetime: PT1M
					placeholders are resolved | password: ${APP_PASSWORD}; pool.max-size: ${SIZE:8}; hikari.schema: ${SCHEMA:x} | PASSWORD: s3cr3t | - | password: s3cr3t; pool.maxSize: 8; hikari: {auto-commit=true, schema=x}
					""")
	void valuesComeFromTheSourceWithTheHighestPrecedence(String rule, String lines, String variables, String arguments,
			String expected) {
		EnvironmentBuilder builder = EnvironmentBuilder
			.yaml(DEFAULTS + split(lines).map("      %s\n"::formatted).collect(Collectors.joining()));
		split(variables).map((variable) -> variable.split(": "))
			.forEach((variable) -> builder.variable("APP_" + variable[0], variable[1]));
		split(arguments).map("app."::concat).forEach(builder::argument);
		DatabaseSettings settings = bind(builder);
		assertThat(split(expected)).isNotEmpty()
			.map((property) -> property.split(": "))
			.allSatisfy((property) -> assertThat(settings).extracting(property[0])
				.extracting((value) -> (value instanceof Map<?, ?> map) ? new TreeMap<>(map) : value)
				.hasToString(property[1]));
	}

	private static Stream<String> split(@Nullable String list) {
		return (list != null) ? Stream.of(list.split("; ")) : Stream.empty();
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
	void whenHikariPropertiesAreDefaultsThenMongoDoesNotTakeThem() {
		DatabaseSettings settings = bind(
				EnvironmentBuilder.properties("app.dbs.order-archive.url=mongodb://localhost/orders",
						"app.dbs-defaults.hikari.maximum-pool-size=3", "app.dbs-defaults.hikari.auto-commit=false"));
		assertThat(settings.pool().maxSize()).isNull();
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

	@Test
	void whenTheLibraryOfAdaptivePoolsIsNotOnTheClassPathThenItIsNamed() {
		ConfigurableEnvironment environment = EnvironmentBuilder
			.properties("app.dbs.orders.url=postgresql://localhost/orders", "app.dbs.orders.pool.adaptive=true")
			.build();
		assertThat(FailureText.failureOf(environment, new FilteredClassLoader("com.netflix.concurrency"))).contains(
				"Database 'orders': 'app.dbs.orders.pool.adaptive' needs 'com.netflix.concurrency-limits:concurrency-limits-core', which is not on the class path.")
			.contains("Add to the dependencies:\n\n"
					+ "    <dependency><groupId>com.netflix.concurrency-limits</groupId><artifactId>concurrency-limits-core</artifactId>");
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
