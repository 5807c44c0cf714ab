package io.appdbs.rls.verify.witness;

/**
 * What a condition yields for a witness row.
 */
public enum Truth {

	/** It is true. */
	TRUE,

	/** False or NULL. */
	FALSE,

	/** It raises an error. */
	RAISED,

	/** It was not evaluated, or depends on what no witness row decides. */
	UNKNOWN;

	/**
	 * Returns what a condition yields if a part of it that is not known may be true or
	 * false.
	 * @param other what it yields in the other case
	 */
	Truth or(Truth other) {
		return (this == other) ? this : UNKNOWN;
	}

}
