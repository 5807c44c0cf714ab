package io.appdbs.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.appdbs.config.source.HikariKeys;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.privilege.AllowedFinding;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.FormerKeys;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the configuration metadata that editors read.
 */
class DatabaseMetadataTests {

	private final Map<String, Object> metadata = read();

	@Test
	void everyKeyIsDescribed() {
		Map<String, Map<String, Object>> properties = items("properties").stream()
			.collect(Collectors.toMap((item) -> (String) item.get("name"), (item) -> item));
		Map<String, String> former = new TreeMap<>(Map.of("app.dbs-only", "app.dbs-include"));
		FormerKeys.all()
			.forEach((key, formerKey) -> former.put("app.dbs-defaults." + formerKey, "app.dbs-defaults." + key));
		assertThat(properties.keySet()).containsAll(former.keySet())
			.contains("app.dbs", "app.dbs-include", "app.dbs-routes");
		assertThat(properties).allSatisfy((name, property) -> {
			assertThat((String) property.get("description")).as(name).endsWith(".");
			assertThat((String) property.get("type")).as(name).isNotEmpty();
			assertThat(property.get("deprecation")).as(name)
				.isEqualTo(
						former.containsKey(name) ? Map.of("level", "warning", "replacement", former.get(name)) : null);
		});
	}

	@Test
	void defaultsAreShown() {
		Map<Object, Object> defaults = new TreeMap<>();
		items("properties").stream()
			.filter((item) -> item.containsKey("defaultValue"))
			.forEach((item) -> defaults.put(item.get("name"), item.get("defaultValue")));
		assertThat(defaults).containsEntry("app.dbs-defaults.required", true)
			.containsEntry("app.dbs-defaults.enabled", true)
			.containsEntry("app.dbs-defaults.startup.timeout", "30s")
			.containsEntry("app.dbs-defaults.health.interval", "1s")
			.containsEntry("app.dbs-defaults.health.readiness", true)
			.containsEntry("app.dbs-defaults.rls.verify", "fail")
			.containsEntry("app.dbs-defaults.retry.max-attempts", 30)
			.containsEntry("app.dbs-defaults.retry.multiplier", 2)
			.containsEntry("app.dbs-defaults.credentials.retire-after", "30s")
			.containsEntry("app.dbs-defaults.replica-reads.on-unavailable", "primary");
	}

	/**
	 * Tools take everything below a group for known.
	 */
	@Test
	void onlyKeysOfDatabasesAreClaimed() {
		assertThat(group("app")).isFalse();
		assertThat(group("app.dbs-defaults.pool")).isTrue();
	}

	@Test
	void everyPropertyOfHikariIsHinted() {
		HikariKeys keys = HikariKeys.load(null);
		assertThat(keys).isNotNull();
		List<Map<String, Object>> values = values("app.dbs-defaults.hikari.keys");
		assertThat(values).extracting((value) -> value.get("value"))
			.containsExactlyElementsOf(keys.names().stream().map((name) -> name.replace(".*", "")).sorted().toList());
		assertThat(values).allSatisfy((value) -> assertThat((String) value.get("description")).endsWith("."));
	}

	@Test
	void everyOptionOfFlywayIsHinted() {
		FlywayKeys keys = FlywayKeys.load(null);
		assertThat(keys).isNotNull();
		List<Map<String, Object>> values = values("app.dbs-defaults.flyway.keys");
		assertThat(values).extracting((value) -> value.get("value"))
			.containsExactlyElementsOf(keys.names().stream().map((name) -> name.replace(".*", "")).sorted().toList());
		assertThat(values).allSatisfy((value) -> assertThat((String) value.get("description")).endsWith("."));
	}

	@Test
	void everyEngineIsHinted() {
		assertThat(values("app.dbs-defaults.engine")).extracting((value) -> value.get("value"))
			.containsExactlyInAnyOrderElementsOf(Engines.load(null)
				.getAll()
				.stream()
				.filter((engine) -> engine.getClass().getPackageName().matches("io\\.appdbs\\.engine(\\.distributed)?"))
				.map(Engine::getId)
				.toList());
	}

	@Test
	void everyFindingAboutPrivilegesThatCanBeAllowedIsHinted() {
		List<Map<String, Object>> values = values("app.dbs-defaults.privileges.allow");
		assertThat(values).extracting((value) -> value.get("value")).containsExactlyElementsOf(AllowedFinding.names());
		assertThat(values).allSatisfy((value) -> assertThat((String) value.get("description")).endsWith("."));
	}

	@SuppressWarnings("unchecked")
	private List<Map<String, Object>> values(String hint) {
		return (List<Map<String, Object>>) items("hints").stream()
			.filter((item) -> hint.equals(item.get("name")))
			.findFirst()
			.orElseThrow()
			.get("values");
	}

	@SuppressWarnings("unchecked")
	private List<Map<String, Object>> items(String section) {
		return ((List<Map<String, Object>>) this.metadata.get(section)).stream()
			.filter((item) -> item.get("name").toString().startsWith("app."))
			.toList();
	}

	@SuppressWarnings("unchecked")
	private boolean group(String name) {
		return ((List<Map<String, Object>>) this.metadata.get("groups")).stream()
			.anyMatch((group) -> name.equals(group.get("name")));
	}

	private static Map<String, Object> read() {
		try {
			Path location = Path.of(DatabaseSettings.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			String json = Files.readString(location.resolve("META-INF/spring-configuration-metadata.json"));
			return JsonParserFactory.getJsonParser().parseMap(json);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
