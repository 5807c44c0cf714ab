package io.appdbs.inspection;

/**
 * How serious a {@link Finding} is.
 */
public enum Severity {

	/** Worth knowing. */
	INFO,

	/** Costs time or space, or will fail one day. */
	WARN,

	/** Will fail soon. */
	ERROR

}
