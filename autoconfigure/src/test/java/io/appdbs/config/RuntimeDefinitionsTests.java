package io.appdbs.config;

import java.util.Map;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RuntimeSettings;
import io.appdbs.settings.mongo.MongoIndexSettings;
import io.appdbs.settings.mongo.MongoSettings;
import io.appdbs.settings.mongo.MongoValidatorSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RuntimeDefinitions} and {@link RuntimeSettingsBinding}.
 */
class RuntimeDefinitionsTests {

	private static final String URL = "jdbc:h2:mem:acme";

	private static final String MONGODB = "mongodb://localhost/acme";

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void settingsOverrideTheTemplateWhichOverridesTheDefaults() {
		this.environment.withProperty("app.dbs-defaults.statement-timeout", "1s")
			.withProperty("app.dbs-defaults.lock-timeout", "1s")
			.withProperty("app.dbs-defaults.pool.max-size", "20")
			.withProperty("app.dbs-runtime.template.lock-timeout", "2s")
			.withProperty("app.dbs-runtime.template.pool.max-size", "2");
		DatabaseDefinition acme = define(RuntimeDatabaseSettings.ofUrl(URL).set("pool.max-size", 3));
		assertThat(acme.settings().pool().maxSize()).isEqualTo(3);
		assertThat(acme.settings().lockTimeout()).hasSeconds(2);
		assertThat(acme.settings().statementTimeout()).hasSeconds(1);
		assertThat(acme.key("pool.max-size")).isEqualTo("pool.max-size");
		assertThat(acme.key("lock-timeout")).isEqualTo("app.dbs-runtime.template.lock-timeout");
		assertThat(acme.key("statement-timeout")).isEqualTo("app.dbs-defaults.statement-timeout");
	}

	@Test
	void defaultsOfConfiguredDatabasesDoNotKeepConnectionsOfThousands() {
		this.environment.withProperty("app.dbs-defaults.pool.min-size", "5")
			.withProperty("app.dbs-defaults.required", "true")
			.withProperty("app.dbs-defaults.inspection.interval", "1h");
		DatabaseDefinition acme = define(RuntimeDatabaseSettings.ofUrl(URL));
		assertThat(acme.settings().pool().minSize()).isZero();
		assertThat(acme.settings().required()).isFalse();
		assertThat(acme.settings().inspection().interval()).isNull();
	}

	@Test
	void aValueIsNoPlaceholder() {
		this.environment.withProperty("secret", "s3cr3t");
		DatabaseDefinition acme = define(RuntimeDatabaseSettings.ofUrl(URL).login("${secret}", "a${b}c"));
		assertThat(acme.settings().username()).isEqualTo("${secret}");
		assertThat(acme.settings().password()).isEqualTo("a${b}c");
	}

	@Test
	void otherSourcesDoNotOverrideTheSettings() {
		this.environment.withProperty("app.dbs.acme.username", "other");
		assertThat(define(RuntimeDatabaseSettings.ofUrl(URL)).settings().username()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					pool.max-size | abc | Database 'acme': 'pool.max-size' is 'abc', which is not a whole number. | Write a whole number, for example 10.
					pool.max-size | 0 | Database 'acme': 'pool.max-size' is '0', but must be at least 1. | Write 1 or more.
					pool.min-size | 11 | Database 'acme': 'pool.min-size' is '11', which is more than the 10 that 'pool.max-size' is by default. | Lower 'pool.min-size' or raise 'pool.max-size'.
					pool.min-size | 2 | Database 'acme': 'pool.min-size' is '2', but must be 0 for a database that is added at run time. | Remove it. Idle connections are closed when other databases need them, and the pool would open them again without end.
					hikari.minimum-idle | 2 | Database 'acme': 'hikari.minimum-idle' is '2', but must be 0 for a database that is added at run time. | Remove it. Idle connections are closed when other databases need them, and the pool would open them again without end.
					primary | true | Database 'acme': 'primary' has no effect: a database that is added at run time has no beans. | Remove it.
					replicas[0].url | jdbc:h2:mem:other | Database 'acme': 'replicas[0].url' has no effect: a database that is added at run time has no replicas. | Remove it.
					inspection.interval | 1h | Database 'acme': 'inspection.interval' has no effect: a database that is added at run time is inspected on request only. | Remove it.
					required | true | Database 'acme': 'required' has no effect: the application runs without a database that is added at run time. | Remove it, and call Database.awaitUp to wait for the database.
					""")
	void aWrongSettingIsNamedAsItWasPassed(String key, String value, String message, String action) {
		assertInvalid("acme", RuntimeDatabaseSettings.ofUrl(URL).set(key, value), message, action);
	}

	@Test
	void anUnknownKeyIsAnError() {
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
			.isThrownBy(() -> define(RuntimeDatabaseSettings.ofUrl(URL).set("pool.max-siez", 3)))
			.withMessage("Database 'acme': 'pool.max-siez' is not a known key.")
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Did you mean 'max-size'? Known keys: "));
	}

	@Test
	void aValueOfTheTemplateIsNamedAsItWasWritten() {
		this.environment.withProperty("app.dbs-runtime.template.pool.max-size", "0");
		assertInvalid("acme", RuntimeDatabaseSettings.ofUrl(URL),
				"'app.dbs-runtime.template.pool.max-size' is '0', but must be at least 1.\n\n    Origin: \"app.dbs-runtime.template.pool.max-size\" from property source \"mockProperties\"",
				"Write 1 or more.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					pool.min-size | 1 | 'app.dbs-runtime.template.pool.min-size' is '1', but must be 0 for a database that is added at run time. | Remove it. Idle connections are closed when other databases need them, and the pool would open them again without end.
					cache.spec | maximumSize=1 | 'app.dbs-runtime.template.cache.spec' has no effect: a database that is added at run time has no beans. | Remove it.
					required | true | 'app.dbs-runtime.template.required' has no effect: the application runs without a database that is added at run time. | Remove it, and call Database.awaitUp to wait for the database.
					""")
	void aWrongTemplateIsRejectedBeforeADatabaseIsAdded(String key, String value, String message, String action) {
		this.environment.withProperty("app.dbs-runtime.template." + key, value);
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
			.isThrownBy(() -> new RuntimeDefinitions(this.environment, null).validateTemplate())
			.withMessage("%s\n\n    Origin: \"app.dbs-runtime.template.%s\" from property source \"mockProperties\"",
					message, key)
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(action));
	}

	@Test
	void aDatabaseNeedsAUrl() {
		assertInvalid("acme", RuntimeDatabaseSettings.of(Map.of()), "Database 'acme': 'url' is missing.",
				"Set it, for example to 'postgresql://localhost/orders', or to 'embedded:postgresql' for a server that runs with the application.");
	}

	@Test
	void serversThatAreNotConfiguredAreRejected() {
		assertInvalid("acme", RuntimeDatabaseSettings.ofUrl("embedded:postgresql"),
				"Database 'acme': 'url' is that of an embedded server, which cannot be added at run time.",
				"Configure a database on the embedded server below 'app.dbs', or use the URL of a server.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					mongo.reactive | true | a database that is added at run time has no beans
					encryption.keyset | file:keyset.json | a database that is added at run time has no beans
					packages | com.acme | a database that is added at run time has no beans
					mongo.indexes.mode | create | the entities of a database that is added at run time are not known in advance
					mongo.validators.mode | apply | the entities of a database that is added at run time are not known in advance
					sharding.mode | verify | the entities of a database that is added at run time are not known in advance
					backup.max-age | 1d | the backups of a database that is added at run time are not observed
					""")
	void aSettingOfMongoDbThatHasNoEffectIsRejected(String key, String value, String reason) {
		assertInvalid("acme", RuntimeDatabaseSettings.ofUrl(MONGODB).set(key, value),
				"Database 'acme': '%s' has no effect: %s.".formatted(key, reason), "Remove it.");
	}

	@Test
	void defaultsThatNeedEntitiesDoNotApplyToMongoDb() {
		this.environment.withProperty("app.dbs-defaults.mongo.indexes.mode", "create")
			.withProperty("app.dbs-defaults.mongo.validators.mode", "apply")
			.withProperty("app.dbs-defaults.mongo.reactive", "true")
			.withProperty("app.dbs-runtime.template.mongo.migrations.collection", "history");
		MongoSettings settings = define(RuntimeDatabaseSettings.ofUrl(MONGODB)).settings().mongo();
		assertThat(settings.indexes().mode()).isNotEqualTo(MongoIndexSettings.Mode.CREATE);
		assertThat(settings.validators().mode()).isEqualTo(MongoValidatorSettings.Mode.OFF);
		assertThat(settings.reactive()).isFalse();
		assertThat(settings.migrations().collection()).isEqualTo("history");
	}

	@ParameterizedTest
	@CsvSource({ "Acme", "1acme", "defaults", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
	void aNameFollowsTheRule(String name) {
		assertInvalid(name, RuntimeDatabaseSettings.ofUrl(URL),
				"Database '%s': the name is not allowed.".formatted(name),
				DatabaseNames.RULE + " It has at most 63 characters, and is not 'defaults'.");
	}

	@Test
	void settingsDoNotShowSecrets() {
		assertThat(RuntimeDatabaseSettings.ofUrl("postgresql://u:s3cr3t@host/acme").login("u", "s3cr3t"))
			.hasToString("RuntimeDatabaseSettings[url, username, password]");
	}

	@Test
	void theLimitsHaveDefaults() {
		RuntimeSettings settings = RuntimeSettingsBinding.bind(this.environment);
		assertThat(settings.maxDatabases()).isEqualTo(2000);
		assertThat(settings.maxConnections()).isEqualTo(100);
		assertThat(settings.maxConnecting()).isEqualTo(10);
		assertThat(settings.migrationThreads()).isEqualTo(4);
		assertThat(settings.idleAfter()).hasMinutes(10);
		assertThat(settings.maxMeters()).isEqualTo(100);
	}

	@Test
	void wrongLimitsAreReportedTogether() {
		this.environment.withProperty("app.dbs-runtime.max-databases", "0")
			.withProperty("app.dbs-runtime.max-connections", "many")
			.withProperty("app.dbs-runtime.idle-after", "10ms");
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
			.isThrownBy(() -> RuntimeSettingsBinding.bind(this.environment))
			.withMessageContaining("1. 'app.dbs-runtime.max-databases' is '0', but must be at least 1.")
			.withMessageContaining("2. 'app.dbs-runtime.max-connections' is 'many', which is not a whole number.")
			.withMessageContaining("3. 'app.dbs-runtime.idle-after' is '10ms', but must be at least 1s.");
	}

	private void assertInvalid(String name, RuntimeDatabaseSettings settings, String message, String action) {
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
			.isThrownBy(() -> new RuntimeDefinitions(this.environment, null).define(name, settings))
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(action));
	}

	private DatabaseDefinition define(RuntimeDatabaseSettings settings) {
		return new RuntimeDefinitions(this.environment, null).define("acme", settings);
	}

}
