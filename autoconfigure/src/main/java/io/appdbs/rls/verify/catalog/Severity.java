package io.appdbs.rls.verify.catalog;

/**
 * How much a {@link Finding} matters.
 */
public enum Severity {

	/** Rows leak, or can be forged. */
	ERROR,

	/** Likely unintended, or not proved. */
	WARN,

	/** Performance or hygiene. */
	INFO

}
