package io.appdbs.config.source;

import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ClassUtils;

/**
 * The keys under {@code hikari}: the properties of {@code HikariConfig} that can be set
 * as text and that AppDBs does not set itself.
 */
public final class HikariKeys {

	private static final String CONFIG_CLASS = "com.zaxxer.hikari.HikariConfig";

	/**
	 * The key of the group of properties of the driver.
	 */
	public static final String DRIVER_PROPERTIES = "data-source-properties";

	/** Keys of the pool by the property of HikariCP that is the same. */
	public static final Map<String, String> SAME_AS_POOL = Map.of("maximum-pool-size", "pool.max-size", "minimum-idle",
			"pool.min-size", "connection-timeout", "pool.acquire-timeout", "max-lifetime", "pool.max-lifetime",
			"idle-timeout", "pool.max-idle-time", "keepalive-time", "pool.keepalive", "leak-detection-threshold",
			"pool.leak-threshold");

	private static final Map<String, String> INSTEAD = Map.of("jdbc-url", "url", "data-source", "url",
			"data-source-class-name", "url", "data-source-j-n-d-i", "url", "username", "username", "password",
			"password", "credentials", "username", "credentials-provider-class-name", "username", "read-only",
			"read-only");

	private static final Set<String> OWNED = Set.of("driver-class-name", "pool-name", "metric-registry",
			"metrics-tracker-factory", "health-check-registry");

	private final Map<String, Class<?>> types = new LinkedHashMap<>();

	private HikariKeys(Class<?> configClass) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(configClass)) {
			String key = DataObjectPropertyName.toDashedForm(property.getName());
			if (property.getWriteMethod() != null && isText(property.getPropertyType()) && !isOwned(key)) {
				this.types.put(key, property.getPropertyType());
			}
		}
	}

	/**
	 * Returns the keys of the HikariCP on the class path.
	 * @param classLoader the class loader or {@code null} for the default one
	 * @return the keys or {@code null} if there is no HikariCP
	 */
	public static @Nullable HikariKeys load(@Nullable ClassLoader classLoader) {
		try {
			return new HikariKeys(ClassUtils.forName(CONFIG_CLASS, classLoader));
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

	private static boolean isText(Class<?> type) {
		return BeanUtils.isSimpleProperty(type) || type == Properties.class;
	}

	private static boolean isOwned(String key) {
		return INSTEAD.containsKey(key) || OWNED.contains(key);
	}

	/**
	 * Returns the key of a database to use in place of a property that AppDBs sets
	 * itself.
	 * @param key the key below {@code hikari} in any form
	 * @return the key, an empty string if there is no such key, or {@code null} if the
	 * property is not one that AppDBs sets
	 */
	public static @Nullable String insteadOf(String key) {
		String uniform = NearestName.uniform(key);
		for (Map.Entry<String, String> entry : INSTEAD.entrySet()) {
			if (NearestName.uniform(entry.getKey()).equals(uniform)) {
				return entry.getValue();
			}
		}
		return OWNED.stream().anyMatch((owned) -> NearestName.uniform(owned).equals(uniform)) ? "" : null;
	}

	/**
	 * Returns the property of HikariCP that is the same as a key.
	 * @param key the key below a database, for example {@code pool.max-size}
	 * @return the key below a database or {@code null} if there is none
	 */
	static @Nullable String sameAs(String key) {
		return SAME_AS_POOL.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(key))
			.map((entry) -> "hikari." + entry.getKey())
			.findFirst()
			.orElse(null);
	}

	public List<String> names() {
		List<String> names = new ArrayList<>();
		this.types.forEach((key, type) -> names.add((type == Properties.class) ? key + ".*" : key));
		return names;
	}

	/**
	 * Finds the property that a key stands for, by the relaxed rules of Spring Boot.
	 * Environment variables do not distinguish a hyphen from a dot, so this method does
	 * not either.
	 * @param key the key below {@code hikari} in any form
	 * @return the key as HikariCP is configured with, or {@code null} if there is none
	 */
	public @Nullable String find(String key) {
		String uniform = NearestName.uniform(key);
		for (Map.Entry<String, Class<?>> entry : this.types.entrySet()) {
			String known = NearestName.uniform(entry.getKey());
			if (entry.getValue() != Properties.class) {
				if (known.equals(uniform)) {
					return entry.getKey();
				}
			}
			else if (key.indexOf('.') > 0 && NearestName.uniform(key.substring(0, key.indexOf('.'))).equals(known)) {
				return entry.getKey() + key.substring(key.indexOf('.'));
			}
		}
		return null;
	}

	/**
	 * Returns the properties for the driver.
	 * @param normalized the properties of HikariCP, {@linkplain #normalize normalized}
	 * @return the values by the names that the driver is given
	 */
	public static Map<String, String> driverProperties(Map<String, String> normalized) {
		Map<String, String> properties = new LinkedHashMap<>();
		normalized.forEach((key, value) -> {
			if (key.startsWith(DRIVER_PROPERTIES + ".")) {
				properties.put(key.substring(DRIVER_PROPERTIES.length() + 1), value);
			}
		});
		return properties;
	}

	public Class<?> type(String key) {
		return this.types.getOrDefault(key, String.class);
	}

	/**
	 * Returns the properties under the names that HikariCP knows. Of two spellings of a
	 * property, the first one is used, because the map is ordered by precedence.
	 * Properties that are {@linkplain #SAME_AS_POOL the same as a key of the pool} are
	 * omitted.
	 * @param bound the properties as bound
	 * @return the properties by name
	 */
	public Map<String, String> normalize(Map<String, String> bound) {
		Map<String, String> names = new HashMap<>();
		Map<String, String> values = new LinkedHashMap<>();
		bound.forEach((key, value) -> {
			String name = find(key);
			if (name != null && !SAME_AS_POOL.containsKey(name)) {
				values.putIfAbsent(NearestName.uniform(name), value);
				// Environment variables do not have the case of names of driver
				// properties.
				names.merge(NearestName.uniform(name), name,
						(first, second) -> first.equals(first.toLowerCase(Locale.ROOT)) ? second : first);
			}
		});
		Map<String, String> normalized = new LinkedHashMap<>();
		values.forEach((uniform, value) -> normalized.put(names.getOrDefault(uniform, uniform), value));
		return normalized;
	}

}
