package io.appdbs;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at start-up when a property under {@code app.dbs} is invalid. The message and
 * the {@linkplain #getAction() action} become the failure analysis. Neither contains a
 * password or the user information of a URL.
 */
public class InvalidDatabaseConfigurationException extends RuntimeException {

	private final @Nullable String database;

	private final @Nullable String key;

	private final String action;

	private final AtomicReference<@Nullable TroubleshootingSection> section = new AtomicReference<>();

	/**
	 * Creates a new {@link InvalidDatabaseConfigurationException}.
	 * @param database the name of the database or {@code null} if it concerns several
	 * @param key the full configuration key, for example {@code app.dbs.orders.url}, or
	 * {@code null} if it concerns no single key
	 * @param message what is wrong, naming database, key and the value where that is not
	 * a secret
	 * @param action how to fix it, naming the known alternatives
	 * @param cause the cause or {@code null}
	 */
	public InvalidDatabaseConfigurationException(@Nullable String database, @Nullable String key, String message,
			String action, @Nullable Throwable cause) {
		super(message, cause);
		this.database = database;
		this.key = key;
		this.action = action;
	}

	/**
	 * Returns the name of the database concerned.
	 * @return the name or {@code null} if several are concerned
	 */
	public @Nullable String getDatabase() {
		return this.database;
	}

	/**
	 * Returns the full configuration key concerned.
	 * @return the key or {@code null} if no single key is concerned
	 */
	public @Nullable String getKey() {
		return this.key;
	}

	/**
	 * Returns how to fix it.
	 * @return the action, in full sentences
	 */
	public String getAction() {
		return this.action;
	}

	/**
	 * Sets the section of the page on troubleshooting, if the key does not determine it.
	 * @param section the section or {@code null}
	 * @return this exception
	 */
	public InvalidDatabaseConfigurationException in(@Nullable TroubleshootingSection section) {
		this.section.set(section);
		return this;
	}

	/**
	 * Returns the section of the page on troubleshooting.
	 * @return the section or {@code null} if the key determines it
	 */
	public @Nullable TroubleshootingSection getSection() {
		return this.section.get();
	}

}
