package io.appdbs.settings;

import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * Deprecated keys of settings that have a new name.
 */
public final class FormerKeys {

	private static final Map<String, String> ALL = collect(DatabaseSettings.class, "", new TreeMap<>());

	private FormerKeys() {
	}

	private static Map<String, String> collect(Class<?> type, String prefix, Map<String, String> keys) {
		for (RecordComponent component : type.getRecordComponents()) {
			String key = prefix + DataObjectPropertyName.toDashedForm(component.getName());
			FormerName former = component.getAnnotation(FormerName.class);
			if (former != null) {
				keys.put(key, prefix + former.value());
			}
			if (component.getType().isRecord()) {
				collect(component.getType(), key + ".", keys);
			}
		}
		return Collections.unmodifiableMap(keys);
	}

	/**
	 * Returns all former keys below a database.
	 * @return the former keys by the keys that replace them
	 */
	public static Map<String, String> all() {
		return ALL;
	}

	/**
	 * Returns the key that replaces another one.
	 * @param key the key below a database, in kebab case
	 * @return the new key, or the key itself if it has not been replaced
	 */
	public static String replace(String key) {
		return ALL.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(key))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(key);
	}

}
