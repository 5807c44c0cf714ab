package io.appdbs.engine.maintenance;

import java.util.Locale;

/**
 * Kinds of objects that have a name in a schema.
 */
public enum ObjectKind {

	/** A table, or a partition of one. */
	TABLE,

	/** A table whose rows are in its partitions. */
	PARTITIONED_TABLE,

	/** A view that stores its rows. */
	MATERIALIZED_VIEW,

	/** An index, or a partition of one. */
	INDEX,

	/** An index of a partitioned table. */
	PARTITIONED_INDEX,

	/** A view. */
	VIEW,

	/** A table whose rows are on another server. */
	FOREIGN_TABLE,

	/** A sequence, a type or another object. */
	OTHER;

	/**
	 * Returns the name of the kind, for messages.
	 * @return the name without article, for example {@code partitioned table}
	 */
	public String getName() {
		return name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	/**
	 * Returns what an object of this kind is, for messages.
	 * @return the end of a sentence, for example {@code a partitioned table}
	 */
	public String getDescription() {
		if (this == OTHER) {
			return "neither a table nor an index";
		}
		return ((this == INDEX) ? "an " : "a ") + getName();
	}

	/**
	 * Returns whether this is an index.
	 * @return whether it is an index, partitioned or not
	 */
	public boolean isIndex() {
		return this == INDEX || this == PARTITIONED_INDEX;
	}

}
