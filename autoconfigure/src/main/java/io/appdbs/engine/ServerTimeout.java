package io.appdbs.engine;

import java.time.Duration;

/**
 * A limit that a server enforces for the connections of a database.
 */
public enum ServerTimeout {

	/**
	 * Time that a statement may take.
	 */
	STATEMENT("statement-timeout", "cancelling statements"),

	/**
	 * Time that a statement may wait for a lock.
	 */
	LOCK("lock-timeout", "limiting the wait for locks"),

	/**
	 * Time that a transaction may be idle.
	 */
	IDLE_IN_TRANSACTION("idle-in-transaction-timeout", "ending idle transactions");

	private final String key;

	private final String purpose;

	ServerTimeout(String key, String purpose) {
		this.key = key;
		this.purpose = purpose;
	}

	/**
	 * Returns the key of the setting.
	 * @return the key below {@code app.dbs.<name>}
	 */
	public String getKey() {
		return this.key;
	}

	/**
	 * Returns what the server does with the limit.
	 * @return the end of the sentence "The server supports"
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
