package io.appdbs.audit;

import java.util.Locale;

/**
 * How a unit of work ended.
 */
public enum AuditOutcome {

	/**
	 * The unit is about to be executed or committed. Only with
	 * {@code audit.on-failure=fail}, where another event with the same identifier tells
	 * the outcome. If that is missing, the outcome is unknown.
	 */
	PENDING,

	/**
	 * The server has confirmed the unit.
	 */
	COMMITTED,

	/**
	 * The unit has been rolled back.
	 */
	ROLLED_BACK,

	/**
	 * The server has rejected the statement or the commit.
	 */
	FAILED,

	/**
	 * The server may have committed the unit, or a part of it: the connection was lost
	 * during the commit, or a batch outside of a transaction has failed.
	 */
	UNKNOWN;

	/**
	 * Returns the name as it is logged and counted.
	 * @return the name in lower case, with dashes
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
