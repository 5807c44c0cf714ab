package io.appdbs.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.appdbs.config.source.HikariKeys;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

/**
 * Advice for a key of a database that is not known where it is written: the same key at
 * another level, or the key that has another name in other libraries.
 *
 * @param prefix the key of the database or of the defaults, as written
 * @param keys the keys that are allowed below it
 * @param hikari the properties of HikariCP, or {@code null} without it
 */
record KeyAdvice(String prefix, KnownKeys keys, @Nullable HikariKeys hikari) {

	/** Keys that have a common other name, by that name in uniform form. */
	private static final Map<String, String> OTHER_NAMES = Map.of("uri", "url", "connectionstring", "url", "user",
			"username", "login", "username", "dialect", "engine", "platform", "engine", "maxpoolsize", "pool.max-size",
			"poolsize", "pool.max-size");

	private static final Set<String> PARTS_OF_URL = Set.of("host", "hostname", "port", "server", "database",
			"databasename", "dbname");

	private static final Set<String> DRIVER = Set.of("driver", "driverclass", "driverclassname");

	/** Every group can be thought to have it. */
	private static final String ENABLED = "enabled";

	/**
	 * Returns the advice for a key of the database itself.
	 * @param element the key as written
	 * @return the advice or {@code null} if there is none
	 */
	@Nullable String ofDatabase(String element) {
		String uniform = NearestName.uniform(element);
		if (PARTS_OF_URL.contains(uniform) && this.keys.find("url") != null) {
			return "Write it in '%s.url', for example 'postgresql://localhost:5432/orders'.".formatted(this.prefix);
		}
		if (DRIVER.contains(uniform)) {
			return "Remove it. The URL determines the driver.";
		}
		if (uniform.equals("optional")) {
			return "Use '%s.required' instead, with the opposite value.".formatted(this.prefix);
		}
		String other = OTHER_NAMES.get(uniform);
		String advice = (other != null) ? instead(other) : ofPool(element);
		return (advice != null) ? advice : ofOneGroup(element);
	}

	/**
	 * Returns the advice for a key of a group.
	 * @param group the group
	 * @param element the key as written
	 * @return the advice or {@code null} if there is none
	 */
	@Nullable String ofGroup(String group, String element) {
		String known = this.keys.find(element);
		if (known != null && !known.equals(ENABLED)) {
			return move(known);
		}
		if (ENABLED.equals(known) && group.equals("health")) {
			return "Remove it, or use '%s.health.readiness' to be ready without the database.".formatted(this.prefix);
		}
		return group.equals("pool") ? ofPool(element) : null;
	}

	private @Nullable String ofPool(String element) {
		String uniform = NearestName.uniform(element);
		for (Map.Entry<String, String> same : HikariKeys.SAME_AS_POOL.entrySet()) {
			if (NearestName.uniform(same.getKey()).equals(uniform)) {
				return instead(same.getValue());
			}
		}
		String other = HikariKeys.insteadOf(element);
		if (other != null && !other.isEmpty()) {
			return instead(other);
		}
		String property = (this.hikari != null) ? this.hikari.find(element) : null;
		return (property != null) ? move("hikari." + property) : null;
	}

	private @Nullable String ofOneGroup(String element) {
		List<String> found = this.keys.types()
			.entrySet()
			.stream()
			.filter((group) -> group.getValue().isRecord())
			.map((group) -> {
				String key = KnownKeys.of(group.getValue()).find(element);
				return (key != null) ? group.getKey() + "." + key : "";
			})
			.filter((key) -> !key.isEmpty())
			.toList();
		return (found.size() == 1) ? move(found.get(0)) : null;
	}

	private @Nullable String instead(String key) {
		return isAllowed(key) ? "Use '%s.%s' instead.".formatted(this.prefix, key) : null;
	}

	private String move(String key) {
		return "Move it to '%s.%s'.".formatted(this.prefix, key);
	}

	private boolean isAllowed(String key) {
		return this.keys.find(key.replaceFirst("\\..*", "")) != null;
	}

	/**
	 * Returns the advice for a value in place of a group of keys.
	 * @param group the full key of the group
	 * @param value the value
	 * @param known the keys of the group
	 * @return the advice
	 */
	static String ofValue(String group, String value, List<String> known) {
		boolean isSwitch = Set.of("true", "false").contains(value.toLowerCase(Locale.ROOT));
		String action = !isSwitch ? KeyValidator.GROUP_ACTION : known.contains(ENABLED)
				? "Move the value to '%s.enabled'." : "Remove the value, and set keys below '%s'.";
		String text = action.formatted(group);
		return known.isEmpty() ? text : "%s Known keys: %s.".formatted(text, String.join(", ", known));
	}

	/**
	 * Returns the advice for a group of keys that is at the level of the databases,
	 * because it is not indented enough.
	 * @param database the name of the database
	 * @param element a key below it
	 * @return the advice or {@code null} if the name is not that of a group with such a
	 * key
	 */
	static @Nullable String ofIndentation(String database, String element) {
		KnownKeys keys = KnownKeys.of(DatabaseSettings.class);
		String group = keys.find(database);
		boolean found = group != null && keys.type(group).isRecord()
				&& KnownKeys.of(keys.type(group)).find(element) != null;
		return found
				? "If '%1$s' is the group of keys of a database, indent it below the name of that database: 'app.dbs.<name>.%1$s.%2$s'."
					.formatted(database, element)
				: null;
	}

}
