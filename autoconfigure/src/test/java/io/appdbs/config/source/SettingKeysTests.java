package io.appdbs.config.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.config.MessageKeys;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SettingKeys}, and that messages name keys that there are.
 */
class SettingKeysTests {

	private static final Map<String, DatabaseDefinition> DEFINITIONS = DatabaseSettingsBinder
		.bind(EnvironmentBuilder.yaml("""
				app:
				  dbs-defaults:
				    health:
				      timeout: 500ms
				    rls:
				      settings:
				      - name: app.tenant
				  dbs:
				    orders:
				      url: postgresql://db/orders
				      pool:
				        max-size: 5
				      hikari:
				        connection-timeout: 3000
				      replicas:
				      - url: postgresql://replica-1/orders
				        username: reader
				        password: s3cr3t
				      - url: postgresql://replica-2/orders
				        pool:
				          max-size: 7
				""").build(), List.of("orders"), null);

	@ParameterizedTest
	@CsvSource({ "url, app.dbs.orders.url", "pool.max-size, app.dbs.orders.pool.max-size",
			"pool.min-size, app.dbs.orders.pool.min-size",
			"pool.acquire-timeout, app.dbs.orders.hikari.connection-timeout",
			"health.timeout, app.dbs-defaults.health.timeout", "rls.settings, app.dbs-defaults.rls.settings",
			"rls.settings[0].name, app.dbs-defaults.rls.settings[0].name", "replicas, app.dbs.orders.replicas",
			"flyway, app.dbs.orders.flyway" })
	void aSettingIsNamedWhereItIsWrittenOrElseAtTheDatabase(String setting, String key) {
		assertThat(DEFINITIONS.get("orders").key(setting)).isEqualTo(key);
	}

	@ParameterizedTest
	@CsvSource({ "1, url, app.dbs.orders.replicas[0].url", "1, username, app.dbs.orders.replicas[0].username",
			"1, pool.max-size, app.dbs.orders.pool.max-size",
			"1, pool.leak-threshold, app.dbs.orders.replicas[0].pool.leak-threshold",
			"1, pool.acquire-timeout, app.dbs.orders.hikari.connection-timeout",
			"2, pool.max-size, app.dbs.orders.replicas[1].pool.max-size",
			"2, username, app.dbs.orders.replicas[1].username", "2, rls.verify, app.dbs.orders.rls.verify",
			"2, health.timeout, app.dbs-defaults.health.timeout" })
	void aSettingOfAReplicaIsNamedAtTheReplicaOnlyIfItHasSuchAKey(int number, String setting, String key) {
		assertThat(DEFINITIONS.get("orders-replica-" + number).key(setting)).isEqualTo(key);
	}

	@Test
	void theDefinitionOfAReplicaNamesItsKeys() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:keys",
					"app.dbs.orders.replicas[0].url=jdbc:h2:mem:keys-replica", "app.dbs-defaults.rls.verify=warn")
			.run((context) -> {
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				assertThat(lifecycle.getDefinition("orders").key("pool.leak-threshold"))
					.isEqualTo("app.dbs.orders.pool.leak-threshold");
				assertThat(lifecycle.getDefinition("orders-replica-1").key("pool.leak-threshold"))
					.isEqualTo("app.dbs.orders.replicas[0].pool.leak-threshold");
				assertThat(lifecycle.getDefinition("orders-replica-1").key("rls.verify"))
					.isEqualTo("app.dbs-defaults.rls.verify");
			});
	}

	/**
	 * What is written in a text is a key as a whole, or one that a name is put into.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "../autoconfigure", "../testcontainers" })
	void everyKeyInTheSourcesIsKnown(String module) throws Exception {
		List<String> unknown = sources(module).flatMap((source) -> MessageKeys.inSource(source).stream())
			.filter((key) -> !MessageKeys.isKnown(key))
			.toList();
		assertThat(unknown).isEmpty();
	}

	@Test
	void keysAreBuiltInOnePlace() throws Exception {
		Pattern built = Pattern.compile("\"app\\.dbs\\.\"|app\\.dbs\\.%");
		assertThat(sources("../autoconfigure").filter((source) -> built.matcher(source).find())
			.map((source) -> source.replaceFirst("(?s).*?(?:class|record|interface) (\\w+).*", "$1")))
			.isSubsetOf("DatabaseDefinition", "DatabaseNames", "DatabaseInjectionFailureAnalyzer");
	}

	@Test
	void theCheckOfKeysFindsUnknownOnes() {
		assertThat(Stream.of("app.dbs", "app.dbs.orders", "app.dbs.orders.replicas[0].pool.max-size", "app.dbs-include",
				"app.dbs-defaults.hikari.auto-commit"))
			.allMatch(MessageKeys::isKnown);
		assertThat(Stream.of("app.dbs.orders.pool.size", "app.dbs.orders.replicas[0].rls.verify", "app.dbs-default.url",
				"app.dbs-defaults.pool.max-sise"))
			.noneMatch(MessageKeys::isKnown);
		assertThat(MessageKeys.in("Set 'app.dbs.orders.pool.max-size' or 'app.dbs-defaults.rls'."))
			.containsExactly("app.dbs.orders.pool.max-size", "app.dbs-defaults.rls");
	}

	private static Stream<String> sources(String module) throws IOException {
		return Files.walk(Path.of(module, "src/main/java"))
			.filter((path) -> path.toString().endsWith(".java"))
			.map(SettingKeysTests::read);
	}

	private static String read(Path path) {
		try {
			return Files.readString(path);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
