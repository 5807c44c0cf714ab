package io.appdbs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings of a database that is added while the application runs. Every key of
 * {@code app.dbs.<name>} can be set, except for those that define beans. A key that is
 * not set has the value of {@code app.dbs-runtime.template} or, if that has none, of
 * {@code app.dbs-defaults}. Immutable: each method returns a copy. Values are used as
 * they are, without placeholders.
 *
 * <pre class="code">
 * RuntimeDatabaseSettings.ofUrl("postgresql://db.internal/acme").login("acme", password).set("pool.max-size", 3)
 * </pre>
 *
 * @see Databases#add(String, RuntimeDatabaseSettings)
 */
public final class RuntimeDatabaseSettings {

	private final Map<String, Object> values;

	private RuntimeDatabaseSettings(Map<String, Object> values) {
		this.values = Collections.unmodifiableMap(values);
	}

	/**
	 * Returns settings with a URL.
	 * @param url the URL of the database, for example {@code postgresql://host/database}
	 * @return the settings
	 */
	public static RuntimeDatabaseSettings ofUrl(String url) {
		return of(Map.of("url", url));
	}

	/**
	 * Returns settings with the given keys.
	 * @param values the values by key below the database, for example
	 * {@code pool.max-size}; a value is a text, a number, a {@code Boolean}, an
	 * {@code Enum}, a {@code Duration}, or a list of them
	 * @return the settings
	 */
	public static RuntimeDatabaseSettings of(Map<String, ?> values) {
		return new RuntimeDatabaseSettings(new LinkedHashMap<>(values));
	}

	/**
	 * Sets the login.
	 * @param username the username
	 * @param password the password
	 * @return a copy with the login
	 */
	public RuntimeDatabaseSettings login(String username, String password) {
		return set("username", username).set("password", password);
	}

	/**
	 * Sets a key.
	 * @param key the key below the database, for example {@code pool.max-size}
	 * @param value the value: a text, a number, a {@code Boolean}, an {@code Enum}, a
	 * {@code Duration}, or a list of them
	 * @return a copy with the key
	 */
	public RuntimeDatabaseSettings set(String key, Object value) {
		Map<String, Object> values = new LinkedHashMap<>(this.values);
		values.put(key, value);
		return new RuntimeDatabaseSettings(values);
	}

	/**
	 * Returns the values by key, secrets included.
	 * @return an unmodifiable map in the order in which the keys have been set
	 */
	public Map<String, Object> toMap() {
		return this.values;
	}

	/**
	 * Returns the keys, without values, as these can be secrets.
	 */
	@Override
	public String toString() {
		return this.values.keySet().stream().collect(Collectors.joining(", ", "RuntimeDatabaseSettings[", "]"));
	}

}
