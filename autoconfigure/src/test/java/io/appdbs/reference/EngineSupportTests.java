package io.appdbs.reference;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseSettings;
import org.junit.jupiter.api.Test;

import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that the engines in the description of a key are those that the binder accepts it
 * for.
 */
class EngineSupportTests {

	private static final Map<String, String> URLS = Map.of("postgresql", "postgresql://localhost/db", "cockroachdb",
			"postgresql://localhost/db", "yugabytedb", "postgresql://localhost/db", "mysql", "mysql://localhost/db",
			"tidb", "mysql://localhost/db", "vitess", "mysql://localhost/db", "mariadb", "mariadb://localhost/db", "h2",
			"jdbc:h2:mem:db", "mongodb", "mongodb://localhost/db");

	/**
	 * Valid values of all keys whose descriptions name engines, and of some others, which
	 * all engines have. Those after the line are in conflict with others.
	 */
	private static final String SETTINGS = """
			audit.on-failure=fail
			audit.statements=all
			audit.rows.tables=orders
			backup.max-age=1d
			backup.max-archive-lag=1m
			backup.report=pgbackrest
			backup.stanza=x
			create-database=true
			flyway.table=x
			hikari.schema=x
			idle-in-transaction-timeout=1m
			inspection.interval=1m
			lock-timeout=1m
			maintenance.lock-timeout=1s
			maintenance.operations=analyze
			mongo.indexes.mode=verify
			pool.adaptive=true
			pool.connect-timeout=1s
			pool.leak-threshold=1m
			pool.max-lifetime=5m
			pool.on-session-change=keep
			privileges.allow=superuser
			privileges.verify=warn
			query-log=true
			read-only=true
			replica-reads.max-lag=1m
			replicas[0].url=%s
			rls.enabled=true
			sharding.mode=verify
			ssl.bundle=x
			startup.required-collections=x
			startup.required-columns=x.y
			startup.required-tables=x
			statement-timeout=1m
			----
			partitions[0].table=x
			partitions[0].interval=day
			slow-query-plan=true
			slow-query-threshold=1s
			""";

	/** The binder reports only the first key of MongoDB. */
	private static final Pattern NOT_REPORTED = Pattern.compile("mongo\\.(?!indexes\\.mode).*");

	private final Map<String, Engine> engines = Engines.load(null)
		.getAll()
		.stream()
		.filter((engine) -> URLS.containsKey(engine.getId()))
		.collect(Collectors.toMap(Engine::getId, (engine) -> engine));

	private final Map<String, ConfigurationMetadataProperty> keys = Metadata.read(DatabaseSettings.class).properties();

	@Test
	void descriptionsNameTheEnginesThatSupportAKey() {
		Map<String, Set<String>> rejected = new TreeMap<>();
		bind().forEach((problem) -> {
			String database = problem.getDatabase().replaceFirst("-other$", "");
			rejected
				.computeIfAbsent(describedKey(problem.getKey().replaceFirst("app\\.dbs\\.[^.]+\\.", "")),
						(key) -> new TreeSet<>())
				.add(this.engines.get(database).getDisplayName());
		});
		// each operation has other engines
		rejected.remove("maintenance.operations");
		// replicas are rejected first
		rejected.get("replica-reads.max-lag").addAll(rejected.get("replicas"));
		Map<String, Set<String>> described = new TreeMap<>();
		this.keys.forEach((key, property) -> {
			Set<String> unsupported = findUnsupported(property.getDescription());
			if (!unsupported.isEmpty() && !NOT_REPORTED.matcher(key).matches()) {
				described.put(key, unsupported);
			}
		});
		assertThat(described).isEqualTo(rejected);
	}

	private String describedKey(String key) {
		String described = key.replaceFirst("\\[.*", "");
		while (!this.keys.containsKey(described)) {
			described = described.substring(0, described.lastIndexOf('.'));
		}
		return described;
	}

	private Stream<InvalidDatabaseConfigurationException> bind() {
		Map<String, Object> properties = new HashMap<>();
		String[] sets = SETTINGS.split("----\n");
		URLS.forEach((engine, url) -> {
			put(properties, engine, engine, sets[0].formatted(url.replaceFirst("localhost|mem:", "$0replica")));
			put(properties, engine + "-other", engine, sets[1]);
		});
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("settings", properties));
		List<String> names = URLS.keySet().stream().flatMap((name) -> Stream.of(name, name + "-other")).toList();
		InvalidDatabaseConfigurationException failure = catchThrowableOfType(
				InvalidDatabaseConfigurationException.class,
				() -> DatabaseSettingsBinder.bind(environment, names, null));
		return Stream.concat(Stream.of(failure.getCause()), Arrays.stream(failure.getSuppressed()))
			.map(InvalidDatabaseConfigurationException.class::cast);
	}

	private static void put(Map<String, Object> properties, String database, String engine, String settings) {
		String prefix = "app.dbs." + database + ".";
		properties.put(prefix + "engine", engine);
		properties.put(prefix + "url", URLS.get(engine));
		settings.lines()
			.map((line) -> line.split("=", 2))
			.forEach((setting) -> properties.put(prefix + setting[0], setting[1]));
	}

	private Set<String> findUnsupported(String description) {
		Map<String, Set<String>> groups = new LinkedHashMap<>();
		groups.put("[Rr]elational databases", names((engine) -> engine.getKind() == DatabaseKind.RELATIONAL));
		this.engines.values().forEach((engine) -> groups.put(engine.getDisplayName(), Set.of(engine.getDisplayName())));
		String list = "((?:%1$s)(?:(?:, | and )(?:%1$s))*)".formatted(String.join("|", groups.keySet()));
		Matcher except = Pattern.compile("Not for %s\\.".formatted(list)).matcher(description);
		Matcher only = Pattern.compile("%s only[.,]".formatted(list)).matcher(description);
		if (except.find()) {
			return expand(except.group(1), groups);
		}
		Set<String> unsupported = only.find() ? names((engine) -> true) : new TreeSet<>();
		if (!unsupported.isEmpty()) {
			unsupported.removeAll(expand(only.group(1), groups));
		}
		return unsupported;
	}

	private static Set<String> expand(String list, Map<String, Set<String>> groups) {
		return groups.entrySet()
			.stream()
			.filter((group) -> Pattern.compile("\\b" + group.getKey() + "\\b").matcher(list).find())
			.flatMap((group) -> group.getValue().stream())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private Set<String> names(Predicate<Engine> filter) {
		return this.engines.values()
			.stream()
			.filter(filter)
			.map(Engine::getDisplayName)
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
