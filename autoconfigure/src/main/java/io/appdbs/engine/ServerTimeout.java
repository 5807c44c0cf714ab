package io.appdbs.engine;

import java.time.Duration;

/**
 * A limit that a server is told to keep for the connections of a database.
 */
public enum ServerTimeout {

	/**
	 * How long a statement may take.
	 */
	STATEMENT("statement-timeout", "to cancel statements"),

	/**
	 * How long a statement may wait for a lock.
	 */
	LOCK("lock-timeout", "to limit the waiting for locks"),

	/**
	 * How long a transaction may do nothing.
	 */
	IDLE_IN_TRANSACTION("idle-in-transaction-timeout", "to end idle transactions");

	private final String key;

	private final String purpose;

	ServerTimeout(String key, String purpose) {
		this.key = key;
		this.purpose = purpose;
	}

	/**
	 * Return the key of the setting.
	 * @return the key below {@code app.dbs.<name>}
	 */
	public String getKey() {
		return this.key;
	}

	/**
	 * Return what the server is told.
	 * @return the end of the sentence "The server is told"
	 */
	public String getPurpose() {
		return this.purpose;
	}

	/**
	 * Returns a limit in whole milliseconds. It is at least 1, because 0 is no limit.
	 */
	static long milliseconds(Duration limit) {
		return Math.max(1, limit.toMillis());
	}

	/**
	 * Returns a limit in whole seconds, rounded up.
	 */
	static long wholeSeconds(Duration limit) {
		return limit.plusNanos(999_999_999).toSeconds();
	}

}
