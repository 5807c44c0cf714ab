package io.appdbs.config;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.embedded.SharedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the messages about invalid configurations, and that an application starts
 * when their advice is followed. {@link WrongConfiguration} reads the configurations.
 */
class WrongConfigurationTests {

	/** Sections of problems with any key. */
	private static final Set<TroubleshootingSection> GENERAL = EnumSet.of(TroubleshootingSection.UNKNOWN_KEY,
			TroubleshootingSection.PLACEHOLDER);

	private static final Map<String, Set<TroubleshootingSection>> SECTIONS = new HashMap<>();

	static {
		add(TroubleshootingSection.NAME, "names", "disabled", "values", "databases");
		add(TroubleshootingSection.URL, "databases", "drivers", "life-cycle", "mongo");
		add(TroubleshootingSection.CREDENTIALS, "credentials", "databases", "mongo");
		add(TroubleshootingSection.TLS, "ssl");
		add(TroubleshootingSection.POOL_SETTING, "adaptive-pool", "databases", "drivers", "life-cycle", "retry",
				"values", "replicas");
		add(TroubleshootingSection.MIGRATION_SETTING, "flyway", "liquibase", "sql-init", "mongo", "drivers");
		add(TroubleshootingSection.PERSISTENCE_SETTING, "mongo");
		add(TroubleshootingSection.SCHEMA_SETTING, "life-cycle", "mongo", "partitions", "requirements");
		add(TroubleshootingSection.SECURITY_SETTING, "audit", "encryption", "privileges", "row-audit",
				"row-level-security");
		add(TroubleshootingSection.REPLICA_SETTING, "replicas", "drivers");
		add(TroubleshootingSection.OPERATION_SETTING, "backup", "cache", "inspection", "maintenance", "query-log");
		add(TroubleshootingSection.ROUTE, "routes");
		add(TroubleshootingSection.UNKNOWN_KEY, "keys", "groups");
		// one attempt of many kinds each
		Stream
			.of(TroubleshootingSection.NAME, TroubleshootingSection.URL, TroubleshootingSection.CREDENTIALS,
					TroubleshootingSection.POOL_SETTING, TroubleshootingSection.MIGRATION_SETTING,
					TroubleshootingSection.SECURITY_SETTING, TroubleshootingSection.REPLICA_SETTING,
					TroubleshootingSection.OPERATION_SETTING, TroubleshootingSection.ROUTE)
			.forEach((section) -> add(section, "first-attempts"));
	}

	private static final SharedServers servers = new SharedServers();

	private static void add(TroubleshootingSection section, String... topics) {
		Stream.of(topics).forEach((topic) -> SECTIONS.computeIfAbsent(topic, (key) -> new HashSet<>()).add(section));
	}

	@AfterAll
	static void stopServers() {
		servers.close();
	}

	static Stream<WrongConfiguration> configurations() throws IOException {
		return WrongConfiguration.readAll("classpath:io/appdbs/config/wrong-configurations/*.txt");
	}

	/**
	 * Binds alone, as the analysis is the same when an application starts.
	 */
	@ParameterizedTest(name = "{0}")
	@MethodSource("configurations")
	void isReportedByKeysThatExist(WrongConfiguration configuration) {
		InvalidDatabaseConfigurationException failure = FailureText.bind(configuration.environment(), null);
		assertThat(FailureText.findSections(failure)).isNotEmpty()
			.allMatch((section) -> GENERAL.contains(section) || SECTIONS.get(configuration.topic()).contains(section));
		assertThat(FailureText.of(failure)).isEqualTo(
				"Description:\n\n" + configuration.description() + "\n\nAction:\n\n" + configuration.action() + "\n");
		List<String> written = Stream.of(configuration.environment(), configuration.corrected())
			.flatMap(WrongConfigurationTests::names)
			.toList();
		assertThat(MessageKeys.in(configuration.description() + "\n" + configuration.action()))
			.allMatch((key) -> isWritten(key, written) || (MessageKeys.isKnown(key) && isOfDatabase(key, written)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("configurations")
	void whenTheAdviceIsFollowedThenTheApplicationStarts(WrongConfiguration configuration) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.setEnvironment(configuration.corrected());
			context.registerBean(EmbeddedServers.BEAN_NAME, EmbeddedServers.class, servers::forContext);
			context.register(DatabasesAutoConfiguration.class);
			context.refresh();
			assertThat(context.getBean(Databases.class)).isNotEmpty()
				.extracting(Database::getSnapshot)
				.filteredOn(DatabaseSnapshot::required)
				.extracting(DatabaseSnapshot::state)
				.allMatch(DatabaseState.UP::equals);
		}
	}

	private static Stream<String> names(ConfigurableEnvironment environment) {
		return environment.getPropertySources()
			.stream()
			.filter((source) -> !source.getName().equals("systemProperties"))
			.flatMap((source) -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
			.map((name) -> name.replaceAll("\\.?\\[(\\D.*?)]", ".$1"));
	}

	/**
	 * Returns whether the user has written the key, be it right or wrong.
	 */
	private static boolean isWritten(String key, List<String> written) {
		return written.stream()
			.anyMatch((name) -> name.equals(key) || name.startsWith(key + ".") || name.startsWith(key + "["));
	}

	private static boolean isOfDatabase(String key, List<String> written) {
		return !key.startsWith("app.dbs.") || key.startsWith("app.dbs.<name>.")
				|| isWritten(key.replaceFirst("^(app\\.dbs\\.[^.\\[]+).*", "$1"), written);
	}

}
