package io.appdbs.config;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.appdbs.settings.NearestName;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.extensibility.ConfigurationExtension;
import org.flywaydb.core.internal.configuration.ConfigUtils;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The keys below {@code flyway}: the options of Flyway and of those of its modules that
 * are on the class path. Flyway has them only in constants.
 */
final class FlywayKeys {

	private static final String PREFIX = "flyway.";

	private static final Set<String> GROUPS = Set.of("placeholders", "jdbcProperties");

	/** Options of Flyway by the key of Spring Boot or AppDBs. */
	private static final Map<String, String> ALIASES = Map.of("username", "user", "init-sqls", "initSql",
			"community-db-support-enabled", "communityDBSupportEnabled");

	/** Options of Flyway's command line, or that AppDBs sets itself. */
	private static final Set<String> NOT_OPTIONS = Set.of("configFiles", "configFileEncoding", "configurations",
			"plugins", "driver", "outputType", "outputProgress", "outputLogsInJson", "jarDirs", "reportEnabled",
			"reportFilename", "undoSqlMigrationPrefix", "licenseKey", "conf", "checkDriftOnMigrate", "publishResult");

	private final Map<String, String> byUniform = new LinkedHashMap<>();

	private final List<String> names;

	private FlywayKeys(ClassLoader classLoader) {
		Map<String, String> names = new TreeMap<>();
		names.put("enabled", "enabled");
		collect(ConfigUtils.class, names);
		for (ConfigurationExtension extension : new FluentConfiguration(classLoader).getPluginRegister()
			.getInstancesOf(ConfigurationExtension.class)) {
			if (!extension.getClass().getSimpleName().endsWith("Stub")) {
				collect(extension.getClass(), names);
			}
		}
		ALIASES.forEach(names::put);
		names.keySet().removeAll(Set.of("user", "community-d-b-support-enabled"));
		names.forEach((key, option) -> this.byUniform.put(NearestName.uniform(key), option));
		this.byUniform.put("user", "user");
		this.names = names.entrySet()
			.stream()
			.map((entry) -> GROUPS.contains(entry.getValue()) ? entry.getKey() + ".*" : entry.getKey())
			.toList();
	}

	private static void collect(Class<?> type, Map<String, String> names) {
		for (Field field : type.getDeclaredFields()) {
			if (!Modifier.isStatic(field.getModifiers()) || field.getType() != String.class) {
				continue;
			}
			ReflectionUtils.makeAccessible(field);
			String value = String.valueOf(ReflectionUtils.getField(field, null));
			String option = value.startsWith(PREFIX) ? value.substring(PREFIX.length()).replaceFirst("\\.$", "") : "";
			if (!option.isEmpty() && !NOT_OPTIONS.contains(option)) {
				names.put(DataObjectPropertyName.toDashedForm(option), option);
			}
		}
	}

	/**
	 * Returns the keys of the Flyway on the class path.
	 * @param classLoader the class loader or {@code null} for the default one
	 * @return the keys or {@code null} if there is no Flyway
	 */
	static @Nullable FlywayKeys load(@Nullable ClassLoader classLoader) {
		ClassLoader loader = (classLoader != null) ? classLoader : ClassUtils.getDefaultClassLoader();
		return (loader != null && ClassUtils.isPresent("org.flywaydb.core.Flyway", loader)) ? new FlywayKeys(loader)
				: null;
	}

	/**
	 * Returns the keys, as written in the configuration.
	 */
	List<String> names() {
		return this.names;
	}

	/**
	 * Finds the option that a key stands for, by the relaxed rules of Spring Boot.
	 * @param key the key below {@code flyway} in any form, without the index of a list
	 * @return the option without {@code flyway.}, as Flyway writes it, or {@code null} if
	 * there is none
	 */
	@Nullable String find(String key) {
		String option = this.byUniform.get(NearestName.uniform(key));
		if (option != null) {
			return GROUPS.contains(option) ? null : option;
		}
		int dot = key.indexOf('.');
		String group = (dot > 0) ? this.byUniform.get(NearestName.uniform(key.substring(0, dot))) : null;
		return (group != null && GROUPS.contains(group)) ? group + key.substring(dot) : null;
	}

	/**
	 * Returns the options under the names that Flyway knows, lists as Flyway reads them.
	 * Of two spellings of an option, the first one is used, because the map is ordered by
	 * precedence.
	 * @param bound the options as bound
	 * @return the options by name
	 */
	Map<String, String> normalize(Map<String, String> bound) {
		Map<String, String> values = new LinkedHashMap<>();
		Map<String, Map<Integer, String>> lists = new LinkedHashMap<>();
		bound.forEach((key, value) -> {
			String option = find(key);
			String list = withoutIndex(key);
			if (option != null) {
				values.putIfAbsent(option, value);
			}
			else if (find(list) != null) {
				lists.computeIfAbsent(String.valueOf(find(list)), (it) -> new TreeMap<>())
					.putIfAbsent(Integer.valueOf(key.substring(list.length() + 1)), value);
			}
		});
		lists.forEach((option, elements) -> values.putIfAbsent(option,
				String.join(option.equals("initSql") ? "\n" : ",", new ArrayList<>(elements.values()))));
		values.computeIfPresent("connectRetriesInterval", (option, value) -> seconds(value));
		return Collections.unmodifiableMap(values);
	}

	/**
	 * Converts a duration in Spring Boot's form to seconds for Flyway.
	 */
	private static String seconds(String value) {
		try {
			return String.valueOf(DurationStyle.detectAndParse(value.trim(), ChronoUnit.SECONDS).toSeconds());
		}
		catch (IllegalArgumentException ex) {
			// rejected later, because it is not a number
			return value;
		}
	}

	static String withoutIndex(String key) {
		return key.replaceFirst("\\.\\d+$", "");
	}

}
