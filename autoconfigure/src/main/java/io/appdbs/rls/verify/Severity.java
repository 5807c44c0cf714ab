package io.appdbs.rls.verify;

/**
 * How much a {@link Finding} matters.
 */
enum Severity {

	/** Rows leak, or can be forged. */
	ERROR,

	/** Likely unintended, or not proved. */
	WARN,

	/** Performance or hygiene. */
	INFO

}
